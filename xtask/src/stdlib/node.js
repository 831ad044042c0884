// Prints every public callable of Node, one `kind<TAB>path` a line.
//
// Kinds are `function`, `class` and `method`; `module` names what could be loaded, `missing`
// what could not. Nothing is called, and getters are not read on instances.
'use strict';

process.removeAllListeners('warning');
process.on('warning', () => {});
const { builtinModules } = require('module');
const lines = new Set();
const out = (kind, path) => lines.add(`${kind}\t${path}`);
const hidden = ['prototype', 'constructor', 'name', 'length', 'caller', 'arguments', 'super_', 'withoutStackTrace'];
const plain = (name) => typeof name === 'string' && /^[a-zA-Z$][\w$]*$/.test(name) && !hidden.includes(name);
// What such an object can do is listed with its class.
const isData = (value) => Array.isArray(value) || value instanceof Map || value instanceof Set;
// What these are depends on where they lead.
const streams = ['process.stdin', 'process.stdout', 'process.stderr'];

function valueOf(owner, name) {
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  if (!descriptor) return undefined;
  if ('value' in descriptor) return descriptor.value;
  // Modules load parts of themselves on first use.
  try { return owner[name]; } catch { return undefined; }
}

function isClass(value, name) {
  if (typeof value !== 'function' || !value.prototype) return false;
  const own = Object.getOwnPropertyNames(value.prototype).filter((key) => key !== 'constructor');
  return own.length > 0 || /^class\b/.test(Function.prototype.toString.call(value)) || /^[A-Z]/.test(name);
}

function methods(path, prototype) {
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    if (plain(name) && typeof descriptor.value === 'function') {
      out('method', `${path}.${name}`);
    }
  }
}

function look(path, name, value, depth, seen) {
  if (streams.includes(path)) return;
  if (typeof value === 'function') {
    out(isClass(value, name) ? 'class' : 'function', path);
    if (isClass(value, name)) methods(path, value.prototype);
    for (const key of Object.getOwnPropertyNames(value)) {
      const inner = valueOf(value, key);
      if (plain(key) && typeof inner === 'function' && inner !== value && depth < 2) {
        out('function', `${path}.${key}`);
      }
    }
  } else if (value && typeof value === 'object' && !isData(value) && depth < 2 && !seen.has(value)) {
    const instance = Object.getPrototypeOf(value);
    if (instance && instance !== Object.prototype && instance.constructor !== Object) {
      methods(path, instance);
    }
    members(path, value, depth + 1, new Set([...seen, value]));
  }
}

function members(path, owner, depth, seen) {
  for (const name of Object.getOwnPropertyNames(owner)) {
    if (plain(name)) look(`${path}.${name}`, name, valueOf(owner, name), depth, seen);
  }
}

for (const name of [...builtinModules, 'test', 'test/reporters', 'sqlite', 'sea'].sort()) {
  if (name.startsWith('_')) continue;
  let module;
  try {
    module = require(['test', 'test/reporters', 'sqlite', 'sea'].includes(name) ? `node:${name}` : name);
  } catch {
    out('missing', name);
    continue;
  }
  out('module', name);
  if (typeof module === 'function') look(name, name, module, 0, new Set());
  members(name, module, 0, new Set([module]));
}
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (plain(name) && !['global', 'globalThis', 'process'].includes(name)) {
    look(name, name, valueOf(globalThis, name), 1, new Set([globalThis]));
  }
}
process.stdout.write(`version\t${process.versions.node.split('.')[0]}\n${[...lines].sort().join('\n')}\n`);
