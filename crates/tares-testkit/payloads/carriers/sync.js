#!/usr/bin/env node
'use strict';

const fs = require('fs');
const path = require('path');
const { Command } = require('commander');
const fetch = require('node-fetch');
//@imports

const BASE = 'https://translations.lingua.example/api';
//@constants

function loadConfig(folder) {
  const file = path.join(folder, 'lingua.json');
  const config = JSON.parse(fs.readFileSync(file, 'utf8'));
  config.token = process.env.LINGUA_TOKEN;
  //@config
  return config;
}

async function pull(config, locale) {
  const response = await fetch(`${BASE}/projects/${config.project}/${locale}.json`, {
    headers: { authorization: `Bearer ${config.token}` },
  });
  if (!response.ok) throw new Error(`${locale}: ${response.status}`);
  //@pulled
  return response.json();
}

function writeLocale(folder, locale, messages) {
  const file = path.join(folder, 'locales', `${locale}.json`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  //@write
  fs.writeFileSync(file, JSON.stringify(messages, null, 2) + '\n');
}

//@functions

async function main(argv) {
  const program = new Command();
  program.option('--folder <folder>', 'project folder', '.');
  program.option('--locale <locale...>', 'locales', ['en']);
  //@options
  program.parse(argv);
  const options = program.opts();
  const config = loadConfig(options.folder);
  //@start
  for (const locale of options.locale) {
    const messages = await pull(config, locale);
    writeLocale(options.folder, locale, messages);
    console.log(`${locale}: ${Object.keys(messages).length} messages`);
  }
  //@done
}

module.exports = { loadConfig, pull, writeLocale };

if (require.main === module) {
  main(process.argv).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
