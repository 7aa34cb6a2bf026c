/** What a person does about a slow pod, as a list of commands to copy. */
import { kubernetesAdvice } from '../kubernetes';
import { html, type Markup } from './markup';
import { roundsOf, type ReportInput } from './model';

export function kubernetesPart(input: ReportInput): Markup | undefined {
  const told = kubernetesAdvice(input.incident, roundsOf(input).at(-1));
  if (told === undefined) return undefined;
  return html`<p>${told.why}</p>
    <ol>
      ${told.steps.map(
        ({ what, command }) =>
          html`<li>
            ${what}
            <pre><code>${command}</code></pre>
          </li>`,
      )}
    </ol>`;
}
