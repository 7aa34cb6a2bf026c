#!/usr/bin/env node
// From a checkout the command line runs from its sources; the package holds it bundled, and needs
// no loader.
const { existsSync } = require('node:fs');
const path = require('node:path');

if (existsSync(path.join(__dirname, 'sickbay.ts'))) {
  require('tsx/cjs');
  require('./sickbay.ts');
} else {
  require('../dist/cli.js');
}
