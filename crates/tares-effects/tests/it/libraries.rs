//! The packages that people really use: each has a model, and an example that proves it.

use tares_effects::models::schema::Library;

/// What an example of each package imports.
const PYTHON: &[&str] = &[
    "flask",
    "django",
    "tornado",
    "aiohttp",
    "fastapi",
    "starlette",
    "pyramid",
    "requests",
    "httpx",
    "urllib3",
    "psycopg",
    "sqlite3",
    "pymysql",
    "sqlalchemy",
    "pymongo",
    "redis",
    "jinja2",
    "mako",
    "markupsafe",
    "lxml",
    "defusedxml",
    "yaml",
    "pickle",
    "dill",
    "joblib",
    "torch",
    "numpy",
    "pandas",
    "paramiko",
    "cryptography",
    "Crypto",
    "jwt",
    "passlib",
    "itsdangerous",
    "boto3",
    "ldap3",
];
const JAVASCRIPT: &[&str] = &[
    "express",
    "koa",
    "fastify",
    "@nestjs/common",
    "next/server",
    "hono",
    "axios",
    "got",
    "undici",
    "ws",
    "mysql2",
    "pg",
    "mongodb",
    "mongoose",
    "sequelize",
    "knex",
    "@prisma/client",
    "child_process",
    "execa",
    "fs",
    "crypto",
    "bcrypt",
    "jsonwebtoken",
    "passport",
    "cors",
    "multer",
    "ejs",
    "handlebars",
    "pug",
    "marked",
    "dompurify",
    "react",
    "vue-router",
    "electron",
    "lodash",
    "js-yaml",
    "xml2js",
    "node-serialize",
];

#[test]
fn every_package_of_the_list_has_an_example() {
    let mut missing = Vec::new();
    for (folder, packages) in [("python", PYTHON), ("javascript", JAVASCRIPT)] {
        let examples = examples(folder);
        for package in packages {
            let quoted = |code: &String| {
                ["'", "\""]
                    .iter()
                    .any(|quote| code.contains(&format!("{quote}{package}{quote}")))
            };
            let imports = |code: &String| {
                let mut lines = code.lines();
                lines.any(|line| {
                    let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                    line.contains("import") && words.into_iter().any(|word| word == *package)
                })
            };
            let found = examples.iter().any(|code| match folder {
                "python" => imports(code),
                _ => quoted(code),
            });
            if !found {
                missing.push(*package);
            }
        }
    }
    assert!(missing.is_empty(), "no example: {missing:?}");
}

fn examples(folder: &str) -> Vec<String> {
    let folder = format!("{}/models/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut codes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let library: Library = toml::from_str(&text).unwrap();
        codes.extend(library.tests.into_iter().map(|test| test.code));
    }
    codes
}
