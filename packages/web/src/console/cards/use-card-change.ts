import { useMutation, useQueryClient } from '@tanstack/react-query'

/** A change of a card: whatever shows it is read again. */
export function useCardChange<Wish, Answer>(
  cardId: string,
  change: (wish: Wish) => Promise<Answer>,
  onDone?: (answer: Answer, wish: Wish) => unknown,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async (answer, wish) => {
      const stale = [
        ['card', cardId],
        ['card-history', cardId],
        ['deliveries', cardId],
        ['notices', cardId],
        ['cards'],
        ['person'],
      ]
      stale.push(['card-findings'], ['card-templates'], ['registrations'])
      await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })))
      await onDone?.(answer, wish)
    },
  })
}
