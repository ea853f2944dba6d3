/** What a command is doing. Several stages may run at once. */

/** Is told that a stage begins, and answers with what is to be called when it has ended. */
export type StageListener = (stage: string) => () => void;

/** Runs a step under its name: until its promise is settled, where it gives one. */
export type RunStep = <T>(stage: string, run: () => T) => T;

export function createStep(onStage: StageListener | undefined): RunStep {
  return (stage, run) => {
    const end = onStage?.(stage) ?? (() => undefined);
    let result: ReturnType<typeof run>;
    try {
      result = run();
    } catch (error) {
      end();
      throw error;
    }
    if (result instanceof Promise) result.then(end, end);
    else end();
    return result;
  };
}

/** The stages that have begun and not ended. */
export class RunningStages {
  readonly #running: { readonly stage: string }[] = [];
  #last: string;

  constructor(first: string) {
    this.#last = first;
  }

  readonly begin: StageListener = (stage) => {
    const one = { stage };
    this.#running.push(one);
    this.#last = stage;
    return () => {
      const at = this.#running.indexOf(one);
      if (at !== -1) this.#running.splice(at, 1);
    };
  };

  /** All that is running; where nothing is, what was begun last. */
  describe(): string {
    const stages = [...new Set(this.#running.map(({ stage }) => stage))];
    return stages.length === 0 ? this.#last : stages.join(' and ');
  }
}
