//! Work on many items, a few at a time, whose results are handed on in the order of the items.
//!
//! A slow item holds nobody until the window is full: others are begun while it is worked on, and their
//! results wait. Whoever finishes an item hands on what is next in order; no thread waits for another.
//!
//! Units: none. Frame: none.

use rayon::Scope;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How far the work may run ahead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Items that are worked on at the same time at most.
    pub(crate) at_once: usize,
    /// Items that are begun and not handed on yet at most.
    pub(crate) ahead: usize,
}

/// Works on items `0..count` on rayon's current pool; `hand_on` gets the results one by one in the items'
/// order, and ends the work by
/// `false`. It may block: then no more items are begun than `limits` allow.
pub(crate) fn in_order<R: Send>(
    count: usize,
    limits: Limits,
    work: impl Fn(usize) -> R + Sync,
    hand_on: impl FnMut(R) -> bool + Send,
) {
    let state = State {
        begun: 0,
        working: 0,
        handed: 0,
        done: VecDeque::new(),
        hand_on: Some(hand_on),
        ended: false,
    };
    let window = Window { count, limits, work, state: Mutex::new(state) };
    rayon::scope(|scope| window.begin(scope, &mut window.state()));
}

struct Window<W, R, H> {
    count: usize,
    limits: Limits,
    work: W,
    state: Mutex<State<R, H>>,
}

struct State<R, H> {
    /// Items that were begun: the first so many.
    begun: usize,
    working: usize,
    /// Items that were handed on: the first so many.
    handed: usize,
    /// Results from item `handed` on, where they are there.
    done: VecDeque<Option<R>>,
    /// Taken by who hands on.
    hand_on: Option<H>,
    ended: bool,
}

impl<W: Fn(usize) -> R + Sync, R: Send, H: FnMut(R) -> bool + Send> Window<W, R, H> {
    fn state(&self) -> MutexGuard<'_, State<R, H>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins what the limits allow.
    fn begin<'s>(&'s self, scope: &Scope<'s>, state: &mut State<R, H>) {
        let Limits { at_once, ahead } = self.limits;
        while !state.ended
            && state.begun < self.count
            && state.working < at_once
            && state.begun < state.handed + ahead
        {
            let at = state.begun;
            state.begun += 1;
            state.working += 1;
            state.done.push_back(None);
            scope.spawn(move |scope| self.finish(scope, at));
        }
    }

    /// Works on an item, then hands on all that is next in order, unless another thread is at it: that one
    /// sees this result.
    fn finish<'s>(&'s self, scope: &Scope<'s>, at: usize) {
        let result = (self.work)(at);
        let mut state = self.state();
        state.working -= 1;
        let place = at - state.handed;
        state.done[place] = Some(result);
        self.begin(scope, &mut state);
        let Some(mut hand_on) = state.hand_on.take() else { return };
        while !state.ended
            && let Some(Some(_)) = state.done.front()
            && let Some(Some(result)) = state.done.pop_front()
        {
            state.handed += 1;
            drop(state);
            let goes_on = hand_on(result);
            state = self.state();
            state.ended |= !goes_on;
            self.begin(scope, &mut state);
        }
        state.hand_on = Some(hand_on);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    const LIMITS: Limits = Limits { at_once: 3, ahead: 6 };

    fn on_threads(threads: usize, work: impl FnOnce() + Send) {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work);
    }

    #[test]
    fn results_come_in_order_and_no_more_run_ahead_than_may() {
        for threads in [1, 4] {
            let (running, most, handed) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
            let mut order = Vec::new();
            on_threads(threads, || {
                let work = |at: usize| {
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    assert!(at < handed.load(Ordering::SeqCst) + LIMITS.ahead + 1);
                    std::thread::sleep(Duration::from_micros(if at.is_multiple_of(5) { 3000 } else { 100 }));
                    running.fetch_sub(1, Ordering::SeqCst);
                    at
                };
                in_order(60, LIMITS, work, |at| {
                    order.push(at);
                    handed.fetch_add(1, Ordering::SeqCst);
                    true
                });
            });
            assert_eq!(order, (0..60).collect::<Vec<_>>());
            assert!(most.load(Ordering::SeqCst) <= LIMITS.at_once);
        }
    }

    #[test]
    fn a_slow_item_does_not_hold_the_others() {
        let others = AtomicUsize::new(0);
        on_threads(2, || {
            let work = |at: usize| {
                let begun = std::time::Instant::now();
                // The first ends when the window is worked off; it would wait in vain if the others waited
                // for it.
                while at == 0
                    && others.load(Ordering::SeqCst) + 1 < LIMITS.ahead
                    && begun.elapsed() < Duration::from_secs(20)
                {
                    std::thread::yield_now();
                }
                others.fetch_add(usize::from(at > 0), Ordering::SeqCst)
            };
            let mut first = None;
            in_order(20, LIMITS, work, |seen| {
                first.get_or_insert(seen);
                true
            });
            assert_eq!(first, Some(LIMITS.ahead - 1));
        });
    }

    #[test]
    fn who_takes_no_more_ends_the_work() {
        let begun = AtomicUsize::new(0);
        let mut taken = 0;
        on_threads(2, || {
            in_order(
                1000,
                LIMITS,
                |_| begun.fetch_add(1, Ordering::SeqCst),
                |_| {
                    taken += 1;
                    taken < 4
                },
            );
        });
        assert_eq!(taken, 4);
        assert!(begun.into_inner() <= 4 + LIMITS.ahead);
    }
}
