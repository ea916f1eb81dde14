import type { doctor as english } from '../en/doctor.ts'
import type { Words } from '../words.ts'

/** What `unlatch agent doctor` looks at, what it finds, and what to do then. */
export const doctor = {
  levels: { ok: 'gut', warning: 'Warnung', failed: 'Fehler' },
  remedy: 'zu tun: {{remedy}}',
  checks: {
    pcsc: 'PC/SC-Dienst',
    readers: 'Leser',
    cards: 'Karten',
    server: 'Server',
    enrolment: 'Aufnahme',
    clock: 'Uhr',
    'apdu-log': 'APDU-Protokoll',
    'core-dumps': 'Speicherabbilder',
    'unblock-screen': 'Entsperrbildschirm von Windows',
  },
  findings: {
    'pcsc-runs': { says: 'er antwortet' },
    'pcsc-absent': {
      says: 'er antwortet nicht',
      remedy:
        'Linux: pcscd installieren und starten (systemctl enable --now pcscd.socket). Windows: den Dienst Smartcard starten.',
    },
    'readers-there': { says: '{{names}}' },
    'readers-none': {
      says: 'keiner vorhanden',
      remedy: 'einen anstecken; unter Linux muss auch sein Treiber installiert sein (libccid passt für die meisten)',
    },
    'card-free': { says: 'eine Karte in {{reader}}, und sie ist zu erreichen' },
    'card-none': { says: 'in keinem Leser steckt eine', remedy: 'zum Ausprobieren eine einstecken' },
    'card-in-use': {
      says: 'ein anderes Programm hat die Karte in {{reader}} geöffnet',
      remedy:
        'schließen, was sie verwendet (ein Browser, ein Signaturprogramm, ein laufendes Entsperren), dann noch einmal nachsehen',
    },
    'card-silent': {
      says: 'die Karte in {{reader}} antwortet nicht',
      remedy: 'ihre Kontakte reinigen, sie richtig herum einstecken, einen anderen Leser probieren',
    },
    'server-trusted': { says: '{{url}} antwortet, mit einem vertrauenswürdigen Zertifikat' },
    'server-unsaid': {
      says: 'dieser Computer weiß nicht, welcher es ist',
      remedy: 'ihn aufnehmen: unlatch agent enrol',
    },
    'server-unreachable': {
      says: '{{url}} antwortet nicht ({{why}})',
      remedy: 'die Adresse prüfen, das Netz, einen Proxy dazwischen, und ob der Server läuft',
    },
    'server-untrusted': {
      says: 'dem Zertifikat von {{url}} wird nicht vertraut ({{why}})',
      remedy:
        'mit --ca die richtige Zertifizierungsstelle angeben; stimmte sie vorher, steht vielleicht jemand dazwischen: einen Administrator fragen',
    },
    'enrolled-station': { says: 'Station {{name}}' },
    'enrolled-holder': { says: 'Agent eines Inhabers {{name}}' },
    'enrolled-not': {
      says: 'der Server kennt diesen Computer nicht oder hat ihn widerrufen',
      remedy: 'ihn hinzufügen lassen (Optionen > Agenten), dann: unlatch agent enrol',
    },
    'agent-old': {
      says: 'der Server versteht diesen Agenten nicht mehr',
      remedy: 'hier den aktuellen Agenten installieren',
    },
    'server-old': { says: 'der Server ist älter als dieser Agent', remedy: 'den Server aktualisieren' },
    'enrolled-unknown': {
      says: 'der Server konnte es nicht sagen ({{why}})',
      remedy: 'später noch einmal nachsehen, oder in seinem Protokoll',
    },
    'clock-right': { says: 'sie weicht von der des Servers um {{seconds}} Sekunden ab' },
    'clock-off': {
      says: 'sie weicht von der des Servers um {{seconds}} Sekunden ab',
      remedy: 'sie von einem Zeitserver stellen lassen; ab 300 Sekunden geht nichts mehr',
    },
    'clock-wrong': {
      says: 'sie weicht von der des Servers um {{seconds}} Sekunden ab: Der Server lehnt diesen Computer ab',
      remedy: 'sie stellen, und sie von einem Zeitserver stellen lassen',
    },
    'apdu-log-off': { says: 'nichts gefunden, was aufzeichnet, was an Karten gesendet wird' },
    'apdu-log-on': {
      says: 'was an Karten gesendet wird, wird aufgezeichnet, auch PINs: {{where}}',
      remedy: 'es abschalten, pcscd neu starten und vernichten, was geschrieben wurde',
    },
    'core-dumps-off': { says: 'ein Absturz schreibt nichts vom Speicher' },
    'core-dumps-on': {
      says: 'ein Absturz schreibt den Speicher auf eine Platte, auch PINs (Grenze {{limit}}, {{pattern}})',
      remedy: 'den Agenten über seine systemd-Unit starten (LimitCORE=0), oder vor dem Start ulimit -c 0 setzen',
    },
    'unblock-screen-on': { says: 'die Richtlinie erlaubt ihn' },
    'unblock-screen-off': {
      says: 'die Richtlinie erlaubt ihn nicht',
      remedy:
        'Gruppenrichtlinie Smartcard > Anzeige des integrierten Bildschirms zum Aufheben der Blockierung bei der Anmeldung zulassen',
    },
  },
} as const satisfies Words<typeof english>
