#!/usr/bin/env node
// From a checkout the CLI runs from its sources.
require('tsx/cjs');
require('./sickbay.ts');
