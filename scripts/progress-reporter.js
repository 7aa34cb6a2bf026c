// Says how far the tests are where no terminal shows jest's own progress bar (CI, a pipe).
const EVERY_MS = 10_000;

module.exports = class Progress {
  onRunStart({ numTotalTestSuites }) {
    this.total = numTotalTestSuites;
    this.done = 0;
    this.startedAt = Date.now();
    this.toldAt = this.startedAt;
  }

  onTestFileResult() {
    this.done += 1;
    const now = Date.now();
    if (process.stderr.isTTY || now - this.toldAt < EVERY_MS) return;
    this.toldAt = now;
    process.stderr.write(`${this.done} of ${this.total} test files, ${Math.round((now - this.startedAt) / 1000)} s\n`);
  }
};
