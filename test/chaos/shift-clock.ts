/** Loaded before the service: this process then lives in another time, as on a machine whose clock is wrong. */

const shiftMs = Number(process.env.CHAOS_CLOCK_SHIFT_MS ?? 0);
const real = Date.now.bind(Date);
Date.now = () => real() + shiftMs;
