import { fileInZip } from '../../bin/deployed/zip';

/** Two files, stored: `zip -X` of Info-ZIP. */
const STORED =
  'UEsDBAoAAAAAAGqLe12XVE7xFAAAABQAAAAIAAAAaW5kZXguanNleHBvcnRzLmhhbmRsZXIgPSAwO1BLAwQKAAAAAABqi3tdTl2mFRMAAAATAAAACwAAAGNvbmZpZy5qc29ueyJzdGFjayI6IlNpY2tiYXkifVBLAQIeAwoAAAAAAGqLe12XVE7xFAAAABQAAAAIAAAAAAAAAAEAAACkgQAAAABpbmRleC5qc1BLAQIeAwoAAAAAAGqLe11OXaYVEwAAABMAAAALAAAAAAAAAAEAAACkgToAAABjb25maWcuanNvblBLBQYAAAAAAgACAG8AAAB2AAAAAAA=';

/**
 * 64 letters, deflated, as a stream: no sizes in front of the file. The same program on its
 * standard input, which it calls `-`.
 */
const STREAMED =
  'UEsDBC0AAAAIAGqLe11VZbSJ//////////8BABQALQEAEABAAAAAAAAAAAYAAAAAAAAAS0ykDAAAUEsBAh4DLQAAAAgAaot7XVVltIkGAAAAQAAAAAEAAAAAAAAAAQAAAIARAAAAAC1QSwYGLAAAAAAAAAAeAy0AAAAAAAAAAAABAAAAAAAAAAEAAAAAAAAALwAAAAAAAAA5AAAAAAAAAFBLBgcAAAAAaAAAAAAAAAABAAAAUEsFBgAAAAABAAEALwAAADkAAAAAAA==';

const archive = (base64: string): Buffer => Buffer.from(base64, 'base64');

describe('a file of a deployment package', () => {
  it('is read by its name, whichever place it has', () => {
    expect(fileInZip(archive(STORED), 'config.json')).toBe('{"stack":"Sickbay"}');
    expect(fileInZip(archive(STORED), 'index.js')).toBe('exports.handler = 0;');
  });

  it('is read where it was deflated into a stream', () => {
    expect(fileInZip(archive(STREAMED), '-')).toBe('a'.repeat(64));
  });

  it('is not there, or is in no archive: that is said', () => {
    expect(() => fileInZip(archive(STORED), 'other.json')).toThrow('the archive has no other.json');
    expect(() => fileInZip(Buffer.from('<Error/>'), 'config.json')).toThrow('invalid zip data');
    expect(() => fileInZip(Buffer.alloc(0), 'config.json')).toThrow('invalid zip data');
  });

  it('packed in a way that is not known is refused', () => {
    const other = archive(STREAMED);
    other.writeUInt16LE(12, other.indexOf('PK\u0001\u0002') + 10);
    expect(() => fileInZip(other, '-')).toThrow('compression type 12');
  });
});
