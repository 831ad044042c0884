FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
#@build

FROM python:3.13-slim
#@base
RUN useradd --create-home shop
WORKDIR /srv/shop
COPY --from=build /src /srv/shop
#@late
USER shop
EXPOSE 8000
CMD ["python", "-m", "shop"]
