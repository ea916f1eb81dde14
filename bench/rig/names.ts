import type { Random } from './random.ts'

/** Names as an organisation of several countries has them; some with accents, particles and two surnames. */

const GIVEN =
  'Ana Anna Aisha Alejandro Amélie Andrzej Arjun Beatriz Bram Camille Carlos Chiara Claire Daan Daniel David Elena Elif Emma Fatima Felix Gabriel Giulia Hanna Henrik Ines Ingrid Jan Javier Jörg José João Julia Karin Katarzyna Kwame Lars Laura Léa Liam Lucía Luis Maja Marek María Marta Martin Mateo Mehmet Mia Mohammed Nadia Niels Noah Nuria Olga Oskar Paula Pedro Pia Piotr Priya Rafael Sofia Søren Stefan Thomas Tomás Ursula Valentina Wei Yara Yusuf Zoë'.split(
    ' ',
  )
const STEMS =
  'Acker Alvar Ander Baum Becker Berg Bern Blanc Bor Bran Carls Cast Chen Cruz Dahl Diaz Dom Duval Eber Eng Farn Feld Fern Ferr Frei Garc Gold Gomez Gonz Grün Haan Hart Hern Hof Holm Ivan Jans Jens Kauf Kaya Kel Klein Koch Kowal Kram Lang Lars Lopez Lund Mann Mart Meyer Moll Mor Müll Nag Niel Novak Núñ Ols Ort Patel Pav Per Pet Ram Rich Rod Rom Ross Sal San Schm Schul Silva Sing Stein Sund Tan Thom Torr Vall Varg Vogt Wag Wal Wang Web Wern Yild Zimm'.split(
    ' ',
  )
const ENDINGS =
  ' er ert es ez i ic in ini is ka ke ler mann o os ova s sen ski son stad stein sson ström ung wicz'.split(' ')
const PARTICLES = ['', '', '', '', '', '', '', '', 'de ', 'van ', 'von ', "O'"]
const DEPARTMENTS = [
  'Finance',
  'Human Resources',
  'Legal',
  'Logistics',
  'Operations',
  'Procurement',
  'Research',
  'Sales',
]

/** A full name. There are some millions of them: common ones come often, as in any directory. */
export function drawName(random: Random): string {
  const surname = () => `${random.pick(PARTICLES)}${random.pick(STEMS)}${random.pick(ENDINGS)}`
  const second = random.below(8) === 0 ? ` ${random.pick(GIVEN)}` : ''
  return `${random.pick(GIVEN)}${second} ${surname()}${random.below(10) === 0 ? ` ${surname()}` : ''}`
}

export const drawDepartment = (random: Random): string => random.pick(DEPARTMENTS)
