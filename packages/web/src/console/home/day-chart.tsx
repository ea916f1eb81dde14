import { Group, Text } from '@mantine/core'
import { type DeskNumbers, UNBLOCK_PROCEDURES } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import tables from '../table.module.css'
import classes from './day-chart.module.css'

type Day = DeskNumbers['days'][number]

const allOf = (day: Day): number => UNBLOCK_PROCEDURES.reduce((sum, name) => sum + day[name], 0)

/** Lengths of the drawing, in units of its own. */
const HEIGHT = 120
const STEP = 20
const BAR = 14

/** Stacked bars, one a day, and the same as a table: nobody needs to see colours. */
export function DayChart({ days }: { days: readonly Day[] }) {
  const { t, i18n } = useTranslation()
  const total = days.reduce((sum, day) => sum + allOf(day), 0)
  const top = Math.max(1, ...days.map(allOf))
  const short = new Intl.DateTimeFormat(i18n.language, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const nameOf = ({ day }: Day) => short.format(new Date(`${day}T00:00:00Z`))
  const [first, last] = [days[0], days.at(-1)]
  if (total === 0 || !first || !last) return <Text c="dimmed">{t('deskNumbers.none')}</Text>
  const label = t('deskNumbers.chart', { from: nameOf(first), to: nameOf(last), count: total })
  return (
    <>
      <Group gap="md" mb="xs">
        {UNBLOCK_PROCEDURES.map((name) => (
          <Group gap={6} key={name}>
            <svg aria-hidden width="12" height="12" className={classes[name]}>
              <rect width="12" height="12" rx="2" />
            </svg>
            <Text size="sm">{t(`deskNumbers.procedures.${name}`)}</Text>
          </Group>
        ))}
      </Group>
      <Text size="sm" c="dimmed" aria-hidden>
        {t('deskNumbers.top', { count: top })}
      </Text>
      <svg
        role="img"
        aria-label={label}
        className={classes.chart}
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        {days.map((day, index) => (
          <Bars key={day.day} day={day} x={index * STEP + (STEP - BAR) / 2} perUnit={HEIGHT / top} />
        ))}
      </svg>
      <Group justify="space-between" aria-hidden>
        <Text size="sm" c="dimmed">
          {nameOf(first)}
        </Text>
        <Text size="sm" c="dimmed">
          {nameOf(last)}
        </Text>
      </Group>
      <details>
        <summary>{t('deskNumbers.asTable')}</summary>
        <table className={`${tables.table} ${tables.list}`} aria-label={t('deskNumbers.unblocks')}>
          <thead>
            <tr>
              <th scope="col">{t('deskNumbers.day')}</th>
              {UNBLOCK_PROCEDURES.map((name) => (
                <th scope="col" key={name}>
                  {t(`deskNumbers.procedures.${name}`)}
                </th>
              ))}
              <th scope="col">{t('deskNumbers.refused')}</th>
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day.day}>
                <th scope="row">{nameOf(day)}</th>
                {UNBLOCK_PROCEDURES.map((name) => (
                  <td key={name} data-label={t(`deskNumbers.procedures.${name}`)}>
                    {day[name]}
                  </td>
                ))}
                <td data-label={t('deskNumbers.refused')}>{day.refused}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  )
}

/** One day: its procedures one above the other. */
function Bars({ day, x, perUnit }: { day: Day; x: number; perUnit: number }) {
  let y = HEIGHT
  return UNBLOCK_PROCEDURES.map((name) => {
    const height = day[name] * perUnit
    y -= height
    return height === 0 ? null : (
      <rect key={name} className={classes[name] as string} x={x} y={y} width={BAR} height={height} />
    )
  })
}
