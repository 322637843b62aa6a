import type { Progress, Streams } from "./context.js";

export interface ProgressBar {
  readonly report: Progress;
  readonly stop: () => void;
}

const silent: ProgressBar = { report: () => undefined, stop: () => undefined };

/** A bar on standard error while long work runs, and nothing at all where standard error is no terminal. */
export async function startProgress(streams: Streams): Promise<ProgressBar> {
  if (!streams.err.isTTY) return silent;
  const { default: cliProgress } = await import("cli-progress");
  const bar = new cliProgress.SingleBar({
    stream: streams.err,
    format: "{phase} {bar} {percentage}% {value}/{total}",
    clearOnComplete: true,
    hideCursor: true,
  });
  let started = false;
  return {
    report: ({ phase, done, total }) => {
      if (!started) bar.start(total ?? 0, done, { phase });
      started = true;
      bar.setTotal(total ?? Math.max(done, 1));
      bar.update(done, { phase });
    },
    stop: () => {
      if (started) bar.stop();
    },
  };
}
