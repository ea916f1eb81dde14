import { useMutation, useQuery } from '@tanstack/react-query'
import type { VerificationView, VerifiedProcedure, WayBegun } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import {
  answerWay,
  attestWay,
  beginWay,
  openVerification,
  readVerification,
  type Sighting,
  type WayWish,
} from './verification-api.ts'

/** How often it is looked whether somebody else answered. */
const LOOK_MS = 2000

/** The verification of a card's holder, as the server has it: a reload finds it again. */
export function useVerification(cardId: string | undefined, procedure: VerifiedProcedure) {
  const query = useQuery({
    queryKey: ['verification', cardId, procedure],
    queryFn: ({ signal }) => readVerification(cardId ?? '', procedure, signal),
    enabled: cardId !== undefined,
    refetchInterval: ({ state }) => (state.data && isWaiting(state.data) ? LOOK_MS : false),
  })
  const view = query.data
  const now = useNow(view?.open?.expiresAt ?? null)
  const standing = view?.open ?? null
  const { fourEyes } = view ?? {}
  const needsSecond = fourEyes?.isForRelease === true && fourEyes.approval?.state !== 'approved'
  const isVerified =
    standing?.isMet === true &&
    standing.usesLeft > 0 &&
    standing.expiresAt !== null &&
    now < Date.parse(standing.expiresAt)
  /** Does something about it, opened where it is not yet; the view follows. */
  const act = useMutation({
    mutationFn: async (wish: (verificationId: string) => Promise<unknown>) => {
      const { id } = await openVerification(cardId ?? '', procedure)
      return wish(id)
    },
    onSettled: () => query.refetch(),
  })
  // Another card of the same caller: what is known of the caller comes along.
  const { mutate: follow } = act
  const isElsewhere = view?.isElsewhere === true
  useEffect(() => {
    if (isElsewhere) follow(async () => {})
  }, [isElsewhere, follow])
  /** What is read out to a person with a passkey: in the memory of this page alone. */
  const [begun, setBegun] = useState<WayBegun>()
  const begin = (wish: WayWish) =>
    act.mutateAsync(async (id) => {
      setBegun(await beginWay(id, wish))
    })
  return {
    query,
    view,
    isVerified,
    /** Verified, and approved by a second operator where one is needed. */
    isMet: isVerified && !needsSecond,
    begin,
    readOutOf: (wayId: string | undefined) => (begun?.id === wayId ? (begun?.readOut ?? null) : null),
    attest: (seen: Sighting) => act.mutateAsync((id) => attestWay(id, seen)),
    answer: (wayId: string, said: string) => act.mutateAsync((id) => answerWay(id, wayId, said)),
    refresh: () => void query.refetch(),
  }
}
export type VerificationState = ReturnType<typeof useVerification>

/** Somebody else is to answer: a manager, the person at another device. */
const isWaiting = ({ open, fourEyes }: VerificationView): boolean =>
  fourEyes.approval?.state === 'asked' ||
  open?.ways.some(({ way, state }) => state === 'asked' && (way === 'manager' || way === 'passkey')) === true

/** The time, read again when something runs out. */
function useNow(at: string | null): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (at === null) return
    const timer = setTimeout(() => setNow(Date.now()), Math.max(0, Date.parse(at) - Date.now()) + 100)
    return () => clearTimeout(timer)
  }, [at])
  return now
}
