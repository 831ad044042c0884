#!/usr/bin/env bash
# Builds the service and copies it to the hosts of the shop.
set -euo pipefail

HOSTS="web1.shop.example web2.shop.example"
VERSION="$(git describe --tags)"
#@settings

build() {
  go build -o "out/shop-${VERSION}" ./cmd/shop
  #@built
}

check() {
  go vet ./...
  go test ./...
  sha256sum --check release.sha256
}

copy() {
  for host in $HOSTS; do
    scp "out/shop-${VERSION}" "deploy@${host}:/srv/shop/shop.new"
    ssh "deploy@${host}" "mv /srv/shop/shop.new /srv/shop/shop && systemctl restart shop"
    #@copied
  done
}

#@functions

check
build
copy
#@done
echo "released ${VERSION}"
