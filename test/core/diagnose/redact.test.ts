import * as fc from 'fast-check';
import { redact, REDACTED } from '../../../core/diagnose/redact';

/** Where secrets stand in command lines, URLs, crontabs, headers and environments. `%` is the secret. */
const PLACES = [
  '--password=%',
  '--password %',
  '-password %',
  '--db-pass=%',
  '--api-key %',
  '--apikey=%',
  '--auth-token=%',
  '--client-secret "%"',
  "--secret='%'",
  'PGPASSWORD=% psql -h db',
  'PGPASSFILE=%',
  'DB_SECRET=%',
  'APP_SECRET_KEY="%"',
  'AWS_SECRET_ACCESS_KEY=% aws s3 ls',
  'AWS_SESSION_TOKEN=%',
  'export STRIPE_TOKEN=%',
  'postgres://app:%@db.internal:5432/shop',
  'https://%@git.example.com/a.git',
  'redis://:%@cache:6379',
  'http://a/b?token=%&x=1',
  'http://a/b?x=1&api_key=%',
  'curl -H "Authorization: Bearer %" http://a',
  'curl -H "X-Api-Key: %" http://a',
  'curl -u admin:% http://a',
  'curl --cookie session=% http://a',
  'Cookie: sid=%',
  'Authorization: Basic %',
  'mysql -uroot -p% shop',
  'mysqldump --password=% shop',
  'sshpass -p % ssh host',
  'redis-cli -a % ping',
  'mongosh -p % shop',
  '{"password":"%"}',
  String.raw`{\"db_password\":\"%\"}`,
  "{'token': '%'}",
  'java -Djavax.net.ssl.keyStorePassword=% -jar a.jar',
  '--verbose --password % --host db',
  'sh -c "MYSQL_PWD=% mysqldump shop"',
  'dsn=host=db;password=%;user=app',
  'job -p % now',
  'curl -su admin:% http://a',
  'curl -uadmin:% http://a',
  'curl --user=admin:% http://a',
  'curl --proxy-user me:% http://a',
  'docker login -u me -p %',
  'openssl enc -k %',
  'snmpwalk -c % host',
  'smbclient -U me/% //h/x',
  'sqlplus scott/%@db',
  'ipmitool -P % power',
  "mysql -uroot -p'% two' shop",
  'mysql -uroot -p"% two" shop',
  "job --password '% two'",
  "psql 'host=db password = % user=x'",
  'set password %',
  'job --creds=%',
  'job --key %',
  'license_key=%',
  'jwt=%',
  'AccountKey=%',
  '//registry.npmjs.org/:_authToken=%',
  'https://hooks.slack.com/services/T0/B0/%',
  '-----BEGIN RSA PRIVATE KEY----- %',
];

const word = fc.stringMatching(/^[A-Za-z0-9]{6,20}$/).filter((text) => !/redact/i.test(text));
const prose = fc.stringMatching(/^[a-z /.]{0,30}$/);

describe('redaction', () => {
  test.each(PLACES)('no secret survives in %s', (place) => {
    fc.assert(
      fc.property(word, prose, prose, (secret, before, after) => {
        fc.pre(!`${before}${after}${place}`.includes(secret));
        expect(redact(`${before} ${place.replace('%', () => secret)} ${after}`)).not.toContain(secret);
      }),
      { numRuns: 60 },
    );
  });

  test('no secret survives among others, however they follow each other', () => {
    const between = fc.constantFrom(' ', '; ', ' && ', ' | ', ', ', ' > /dev/null ', ' "a b" ', " 'c' ", ' -v ', ' x:y ');
    const some = fc.array(fc.tuple(fc.constantFrom(...PLACES), between), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(some, (places) => {
        const text = places.map(([place, after]) => `${place.replace('%', 'sommerwein')}${after}`).join('');
        expect(redact(text)).not.toContain('sommerwein');
        expect(redact(redact(text))).toBe(redact(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('secrets with punctuation do not survive where nothing ends them but a space', () => {
    const odd = fc.stringMatching(/^[A-Za-z0-9!#$%^*+~.]{8,20}$/).filter((text) => /[A-Za-z0-9]{4}/.test(text));
    fc.assert(
      fc.property(odd, (secret) => {
        const out = redact(`run --password=${secret} --token ${secret} postgres://u:${secret}@h/d DB_PASS=${secret}`);
        expect(out).not.toContain(secret);
      }),
    );
  });

  test.each([
    'AKIAIOSFODNN7EXAMPLE',
    'ASIAY34FZKBOKMUTVV7A',
    'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'xoxb-123456789012-abcdefABCDEF',
    'sk_live_4eC39HqLyjWDarjtT1zdp7dc',
    'glpat-aBcDeFgHiJkLmNoPqRsT',
    'Zq7fXw9LkT',
    'aB3dE5gH',
  ])('a key known by its shape does not survive anywhere: %s', (key) => {
    fc.assert(fc.property(prose, prose, (before, after) => expect(redact(`${before} ${key} ${after}`)).not.toContain(key)));
  });

  test('is idempotent', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(...PLACES.map((place) => place.replace('%', 'S3cretValue9'))));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => expect(redact(redact(pieces.join(' ')))).toBe(redact(pieces.join(' ')))),
    );
  });

  test('a PIN is a secret too', () => {
    expect(redact('job -p 000000 now; tool -p123456')).not.toMatch(/000000|123456/);
  });

  test('rows stay rows: tabs and newlines are never eaten', () => {
    const shape = (text: string): string => text.replaceAll(/[^\t\n]/g, '');
    const cell = fc.oneof(fc.string(), fc.constantFrom(...PLACES));
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 4 }), { maxLength: 4 }), (rows) => {
        const text = rows.map((cells) => cells.join('\t')).join('\n');
        expect(shape(redact(text))).toBe(shape(text));
      }),
    );
  });

  test('what names a release or a process is left alone', () => {
    const plain = [
      '/usr/bin/node /srv/shop/releases/1.42.0/server.js --max-old-space-size=128',
      'app_build_info{version="1.42.0",commit="0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"} 1',
      'connection_pool_active 20',
      '10 2 1 * * /opt/app/bin/generate_monthly_report --month previous',
      'http://127.0.0.1:8080/api/cart?user=7',
      'java -XX:+UseG1GC -Xmx512m -cp /opt/a.jar com.acme.Log4j2Config Http2ServerV4',
      'find . -print0 -path /x; ssh -p 2222 host; docker run -p 8080:80 image; mkdir -p /srv/x; strace -p 10',
      '/opt/job --parallel --port 8080 --keep 7',
    ];
    for (const line of plain) expect(redact(line)).toBe(line);
  });

  test('takes a time that grows with the text, not with its square', () => {
    for (const text of [
      'a'.repeat(200_000),
      '='.repeat(50_000),
      '--a '.repeat(20_000),
      'a=b '.repeat(20_000),
      '"'.repeat(50_000),
      'mysql '.repeat(5_000),
    ]) {
      expect(redact(text).length).toBeGreaterThan(0);
    }
  });

  test('says that something was there', () => {
    expect(redact('--password=hunter2')).toBe(`--password=${REDACTED}`);
    expect(redact('postgres://app:hunter2@db/shop')).toBe(`postgres://${REDACTED}@db/shop`);
  });
});
