//! Commands in scripts, workflows and documents: which words are packages, and which are not.

use tares_deps::formats::commands;
use tares_deps::{Ecosystem, Place};

fn names(text: &str) -> Vec<String> {
    commands(text)
        .iter()
        .map(|r| match &r.version {
            Some(version) => format!("{}:{}@{version}", r.ecosystem, r.name),
            None => format!("{}:{}", r.ecosystem, r.name),
        })
        .collect()
}

#[test]
fn packages_of_installing_commands() {
    let cases: [(&str, &[&str]); 18] = [
        (
            "pip install requests==2.32.0 'flask>=2'",
            &["pypi:requests@2.32.0"],
        ),
        (
            "RUN pip3 install --no-cache-dir -r requirements.txt rich",
            &["pypi:rich"],
        ),
        (
            "python -m pip install -U pip setuptools",
            &["pypi:pip", "pypi:setuptools"],
        ),
        ("$ uv add httpx", &["pypi:httpx"]),
        ("uvx ruff@0.9.1 check .", &["pypi:ruff@0.9.1"]),
        (
            "npm install --save-dev left-pad@1.3.0 @s/d",
            &["npm:left-pad@1.3.0", "npm:@s/d"],
        ),
        ("npm install", &[]),
        (
            "npm ci && npx -y create-app@latest my-app",
            &["npm:create-app"],
        ),
        ("  run: pnpm add -D vitest", &["npm:vitest"]),
        (
            "cargo install --locked ripgrep@14.1.0",
            &["cargo:ripgrep@14.1.0"],
        ),
        (
            "go install golang.example/x/tools@v0.1.0",
            &["golang:golang.example/x/tools@v0.1.0"],
        ),
        ("gem install rails -v 7.1", &["gem:rails"]),
        (
            "composer require monolog/monolog:^3.0",
            &["composer:monolog/monolog"],
        ),
        (
            "dotnet add app.csproj package Serilog --version 3.0.0",
            &["nuget:Serilog"],
        ),
        (
            "Run `pip install tares-helper` first.",
            &["pypi:tares-helper"],
        ),
        ("pip install .", &[]),
        ("pip install $PACKAGES ./dist/*.whl", &[]),
        ("We install it with pip, and npm is not needed.", &[]),
    ];
    for (text, wanted) in cases {
        assert_eq!(names(text), wanted, "{text}");
    }
}

#[test]
fn run_once_is_told_from_install() {
    let found = commands("npx cowsay hi\nnpm i cowsay\n");
    assert_eq!(found[0].place, Place::RunOnce);
    assert_eq!(found[1].place, Place::Command);
    assert!(found.iter().all(|r| r.ecosystem == Ecosystem::Npm));
}
