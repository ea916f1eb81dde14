import { useEffect, useState } from 'react'

/** Counts down from `seconds`, by the clock; may begin anew or end at once. */
export function useTimeLeft(seconds: number): { secondsLeft: number; extend: () => void; end: () => void } {
  const [endsAt, setEndsAt] = useState(() => Date.now() + seconds * 1000)
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return {
    secondsLeft: Math.max(0, Math.ceil((endsAt - now) / 1000)),
    extend: () => setEndsAt(Date.now() + seconds * 1000),
    end: () => setEndsAt(0),
  }
}
