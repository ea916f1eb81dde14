import type { connected as english } from '../en/connected.ts'
import type { Words } from '../words.ts'

/** Words of the connected unblock, in the console. */
export const connected = {
  where: {
    title: 'Wo ist die Karte?',
    here: 'Hier, in einem Leser',
    hereHint: 'Einer Station: Der Karteninhaber ist bei Ihnen.',
    online: 'Am Computer des Karteninhabers, verbunden',
    onlineHint: 'Der Agent dort ist verbunden: sicherer und einfacher als ein Anruf.',
    telephone: 'Nirgends, wo wir sie erreichen: am Telefon',
    telephoneHint: 'Der Karteninhaber liest eine Challenge vor, und Sie lesen ein Kryptogramm zurück.',
    seen_zero: 'jetzt keine gesperrte Karte zu sehen',
    seen_one: 'jetzt {{count}} gesperrte Karte zu sehen',
    seen_other: 'jetzt {{count}} gesperrte Karten zu sehen',
  },
  offer: {
    title: 'Diese Karte steckt jetzt in einem Leser',
    text: 'Bei {{agent}}, Leser {{reader}}. Entsperren Sie sie dort: Nichts wird vorgelesen, und nichts kann falsch verstanden werden.',
    go: 'Dort entsperren',
  },
  readers: {
    title: 'Welche Karte?',
    here: 'Leser der Stationen',
    online: 'Gesperrte Karten an Computern von Karteninhabern',
    filter: 'Name, Karte oder Nummer',
    looking: 'Leser werden abgefragt',
    noStation: 'Keine Station ist verbunden. Starten Sie den Agenten dieses Computers: unlatch agent.',
    noReader: 'An den verbundenen Stationen ist kein Leser zu sehen.',
    noneOnline:
      'An den Computern der Karteninhaber ist jetzt keine gesperrte Karte zu sehen. Der Agent dort muss laufen und die Karte in ihrem Leser stecken.',
    noneFound: 'Keine gesperrte Karte hier hat diesen Namen oder diese Nummer.',
    more_one: '{{count}} weitere: Geben Sie einen Namen ein.',
    more_other: '{{count}} weitere: Geben Sie einen Namen ein.',
    empty: 'keine Karte darin',
    unmanaged: 'Eine Karte, die hier nicht verwaltet wird.',
    unmanagedNow:
      'Entsperren kann sie, wer sie ausgestellt hat. Um sie hier zu verwalten, registrieren Sie sie: Lebenszyklus > Registrieren.',
    blocked: 'PIN gesperrt',
    notBlocked: 'PIN nicht gesperrt',
  },
  ask: {
    title: 'Entsperren',
    lead: 'Bei {{agent}} öffnet sich die Seite für die neue PIN. Weder Sie noch dieser Server bekommen sie zu sehen.',
    leadRemote: 'Der Karteninhaber sieht Ihren Namen und wird gefragt, ob es weitergehen soll.',
    submit: 'Entsperren',
    verifyFirst: 'Geben Sie zuerst an, wie der Karteninhaber verifiziert wurde.',
    asked: 'Der Karteninhaber wählt bei {{agent}} eine neue PIN',
    askedText: 'Es geht von selbst weiter, sobald die neue PIN eingegeben ist.',
    readOut: 'Lesen Sie dem Karteninhaber diese zwei Ziffern vor, und warten Sie auf „dieselben“:',
    code: 'Zwei Ziffern zum Vorlesen',
    authorised: 'Die Karte übernimmt die neue PIN',
    cancel: 'Entsperren abbrechen',
    offline:
      'Der Agent bei {{agent}} ist jetzt nicht verbunden. Es geht weiter, wenn er zurück ist; die Karte ist, wie sie war.',
  },
  end: {
    unblocked: {
      title: 'Die neue PIN funktioniert',
      text: '{{name}} meldet sich von nun an damit an und wird benachrichtigt, dass die Karte entsperrt wurde.',
    },
    refused: {
      title: 'Die Karte hat es abgelehnt',
      text: 'Ihre PIN ist weiterhin gesperrt. Was für diese Karte gedacht war, ist nicht ihre PUK: Versuchen Sie es nicht noch einmal.',
      now: 'Schicken Sie {{name}} mit der Karte zu einer Station.',
    },
    unknown: {
      title: 'Niemand weiß, wie es ausging',
      text: 'Die Verbindung brach ab, während die Karte geändert wurde. Entweder funktioniert die neue PIN, oder die Karte ist, wie sie war.',
      now: 'Lassen Sie {{name}} die neue PIN probieren. Funktioniert sie nicht, beginnen Sie von vorn.',
    },
    triesLeft_one: 'Für die PUK ist noch {{count}} Versuch übrig.',
    triesLeft_other: 'Für die PUK sind noch {{count}} Versuche übrig.',
    again: 'Von vorn beginnen',
    next: 'Nächster Karteninhaber',
  },
} as const satisfies Words<typeof english>
