/** Loaded before the service: this process then lives in another time, as on a machine whose clock is wrong or is set. */

let shiftMs = Number(process.env.CHAOS_CLOCK_SHIFT_MS ?? 0);
const real = Date.now.bind(Date);
Date.now = () => real() + shiftMs;

/** At each signal the clock jumps: far ahead, far back, and to where it was. */
const JUMPS_MS = [600_000, -1_500_000, 900_000];
let jumps = 0;
process.on("SIGUSR2", () => {
  shiftMs += JUMPS_MS[jumps % JUMPS_MS.length] ?? 0;
  jumps += 1;
});
