// What a page needs for its choices: asked for until it comes, because nobody is told that it did not.
const pause = 10_000;

/// Until the function that this returns is called.
export function persist<T>(read: () => Promise<T>, take: (value: T) => void) {
  let stopped = false, timer = 0;
  const ask = () => read().then(value => { if (!stopped) take(value); }, () => { if (!stopped) timer = window.setTimeout(ask, pause); });
  void ask();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
