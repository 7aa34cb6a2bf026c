/** What each command's help ends with: calls as they follow the program's name. */
export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  init: ['init', 'init --yes --target-group shop --path /cart', 'init --profile shop --region eu-central-1 --yes --dry-run'],
  doctor: ['doctor', 'doctor --config other.config.ts --json', 'doctor --stack Sickbay --profile shop --region eu-central-1'],
  cost: ['cost --groups 20 --targets 20', 'cost --groups 500 --targets 8 --interval 300 --json'],
  cases: ['cases', 'cases --stack Sickbay --region eu-west-1 --days 30', 'cases --json --profile prod'],
  explain: ['explain i-0c3d', 'explain case-1a2b --stack Sickbay --json'],
  report: ['report i-0c3d --html case.html', 'report case-1a2b --stack Sickbay --md'],
  hold: ['hold checkout --for 2h --by Ann --reason deployment', 'hold i-0c3d:8080 --by Ann --reason "load test" --stack Sickbay'],
  release: ['release checkout --by Ann --reason "deployment is over"'],
  restore: [
    'restore i-0c3d --by Ann --reason "cause fixed"',
    'restore --all --by Ann --reason failover --stack Sickbay',
    'restore --all --direct --table CASES-TABLE',
  ],
  'give-up': ['give-up i-0c3d:8080 --by Ann --reason "kept for forensics"'],
  'close-breaker': ['close-breaker --by Ann', 'close-breaker --by Ann --stack Sickbay --profile prod'],
  'test-alert': ['test-alert --by Ann', 'test-alert --by Ann --stack Sickbay --region eu-west-1'],
  readiness: ['readiness', 'readiness --stack Sickbay --days 14 --json'],
  sweep: [
    'sweep --target-group checkout --path /api/cart',
    'sweep --target-group checkout --path /api/cart --watch 60',
    'sweep --via i-0123456789abcdef0 --target-group checkout --path /api/cart',
    'sweep --prober --stack Sickbay --json',
  ],
  audit: [
    'audit --target-group checkout --path /api/cart',
    'audit --stack Sickbay --html audit.html',
    'audit --target-group checkout --no-hosts --json > last.json',
    'audit --target-group checkout --no-hosts --since last.json      # each week: what has changed',
  ],
  completion: ['completion bash >> ~/.bashrc', 'completion zsh > ~/.zsh/completions/_sickbay'],
  diagnose: [
    'diagnose --ssh app-1,app-2,app-3 --sudo --port 8080 --page /cart',
    'diagnose --hosts ids.txt --sick i-0123456789abcdef0 --page /cart --out captures',
    'diagnose captures --sick i-0123456789abcdef0 --json',
  ],
};
