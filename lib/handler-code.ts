import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { CONFIG_FILE, NOTICES_FILE } from '../lambda/contract';

export type HandlerName =
  'sweep' | 'probe' | 'respond' | 'restore' | 'review' | 'report' | 'stop' | 'delete-guard' | 'kill-switch' | 'widget';

/** Where scripts/build.ts puts the bundles. */
export const HANDLERS_DIR = path.join(__dirname, '..', 'dist', 'handlers');

/**
 * The path of a file that scripts/build.ts wrote.
 * @throws when it is not there.
 */
export function built(handlersDir: string, ...parts: string[]): string {
  const file = path.join(handlersDir, ...parts);
  if (!existsSync(file)) throw new Error(`${file} is not there: run "npm run build" first`);
  return file;
}

/**
 * The deployment package of one handler: its bundle and, where it needs one, the validated
 * configuration beside it. The hash is taken of both, so that a changed configuration is deployed.
 */
export function handlerCode(handlersDir: string, name: HandlerName, config?: unknown): Code {
  const bundle = built(handlersDir, name, 'index.js');
  const notices = built(handlersDir, NOTICES_FILE);
  const stage = (outputDir: string): boolean => {
    copyFileSync(bundle, path.join(outputDir, 'index.js'));
    copyFileSync(notices, path.join(outputDir, NOTICES_FILE));
    if (config !== undefined) writeFileSync(path.join(outputDir, CONFIG_FILE), `${JSON.stringify(config, null, 2)}\n`);
    return true;
  };
  // CDK asks for an image even when the files are staged locally, as they always are here: no
  // Docker is needed.
  const image = DockerImage.fromRegistry('sickbay-stages-its-handlers-without-docker');
  return Code.fromAsset(path.dirname(bundle), { assetHashType: AssetHashType.OUTPUT, bundling: { image, local: { tryBundle: stage } } });
}
