import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** Where a question is asked: a terminal. */
export type Terminal = { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream };

/** Asks for a line that is not shown while it is typed. Resolves to undefined when the input ends without one. */
export function askHidden(question: string, { input, output }: Terminal): Promise<string | undefined> {
  // What is typed is written to the output of the interface: this one forgets it.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true });
  return new Promise((resolve) => {
    let answer: string | undefined;
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => {
      output.write('\n');
      resolve(answer);
    });
    output.write(question);
  });
}
