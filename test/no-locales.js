/**
 * Instead of Zod's messages in 60 languages, of which nothing here uses one: its CommonJS build
 * loads each of them, and jest does so once for every test file.
 */
module.exports = {};
