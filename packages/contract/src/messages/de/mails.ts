import type { mails as english } from '../en/mails.ts'
import type { Words } from '../words.ts'

/** What people get by mail. `{{…}}` is filled in; lines are as they are sent. */
export const mails = {
  help: 'Rufen Sie den Helpdesk an: {{phone}}.',
  helpWithoutPhone: 'Sagen Sie Ihrem Helpdesk Bescheid.',
  word: {
    subject: 'Zwei Wörter für den Helpdesk',
    text: `Guten Tag {{name}},

{{operator}} vom Helpdesk wird Ihnen mit Ihrer Smartcard "{{card}}" helfen und ruft Sie unter der hinterlegten Nummer zurück. Lesen Sie dann diese zwei Wörter vor:

    {{code}}

Lesen Sie sie niemandem vor, der Sie nicht unter dieser Nummer anruft. Sie gelten zehn Minuten.

Wenn Sie nicht um Hilfe gebeten haben: Lesen Sie niemandem etwas vor. {{help}}`,
  },
  code: {
    subject: 'Ein Code für den Helpdesk',
    text: `Guten Tag {{name}},

jemand hat {{operator}} vom Helpdesk um Hilfe mit Ihrer Smartcard "{{card}}" gebeten. Wenn Sie das sind, lesen Sie diesen Code vor:

    {{code}}

Er gilt zehn Minuten.

Wenn Sie es nicht sind: Lesen Sie ihn niemandem vor, wer auch fragt. {{help}}`,
  },
  approval: {
    subject: 'Ist das {{person}} am Telefon?',
    text: `Guten Tag {{name}},

jemand, der sich als {{person}} ausgibt, hat {{operator}} vom Helpdesk um Hilfe mit der Smartcard "{{card}}" gebeten. Sprechen Sie selbst mit {{person}}, unter einer Nummer oder in einem Raum, den Sie kennen. Melden Sie sich dann an und sagen Sie Ja oder Nein:

    {{link}}

Die Frage ist zehn Minuten offen. Wenn Sie {{person}} nicht erreichen, sagen Sie Nein: Dadurch ist nichts verloren.`,
  },
  puc: {
    subject: 'Die PUC Ihrer Smartcard',
    text: `Guten Tag {{name}},

dies ist die PUC (PIN Unblock Code) Ihrer Smartcard "{{card}}" (Nummer {{serial}}):

    {{puc}}

Bewahren Sie sie getrennt von der Karte auf. Sie brauchen sie nur, wenn zu oft eine falsche PIN eingegeben wurde und die Karte gesperrt ist: Wählen Sie dann an einem beliebigen Computer, ohne Verbindung zu uns, auf der Entsperrseite "Ich habe eine PUC", geben Sie die PUC ein und wählen Sie eine neue PIN. Danach erhalten Sie eine andere PUC.
{{windows}}
Niemand von {{organisation}} wird Sie jemals nach Ihrer PUC oder Ihrer PIN fragen.
{{help}}`,
    windows: 'Auf dem Entsperrbildschirm von Windows geben Sie dies als Antwort ein: {{form}}',
    help: 'Wenn Sie diese E-Mail nicht erwartet haben, rufen Sie den Helpdesk an: {{phone}}.',
    helpWithoutPhone: 'Wenn Sie diese E-Mail nicht erwartet haben, sagen Sie Ihrem Helpdesk Bescheid.',
    test: 'Dies ist ein Test. Die PUC darin ist erfunden.',
    unknownOrganisation: 'Ihrer Organisation',
  },
  letter: {
    title: 'Die PUC Ihrer Smartcard',
    dear: 'Guten Tag {{name}},',
    about: 'dies ist die PUC (PIN Unblock Code) Ihrer Smartcard „{{card}}“, Nummer {{serial}}.',
    keep: 'Bewahren Sie diesen Brief getrennt von der Karte auf. Sie brauchen ihn nur, wenn zu oft eine falsche PIN eingegeben wurde und die Karte gesperrt ist.',
    use: 'Wählen Sie dann an einem beliebigen Computer, ohne Verbindung zu uns, auf der Entsperrseite „Ich habe eine PUC“, geben Sie die PUC ein und wählen Sie eine neue PIN.',
    windows: 'Auf dem Entsperrbildschirm von Windows geben Sie dies als Antwort ein, ohne die Leerzeichen: {{form}}',
    dies: 'Diese PUC wird ersetzt, nachdem sie verwendet oder die Karte auf andere Weise entsperrt wurde. Dann erhalten Sie einen neuen Brief: Ein neuerer Brief macht diesen ungültig.',
    never: 'Niemand von {{organisation}} wird Sie jemals nach Ihrer PUC oder Ihrer PIN fragen.',
    broken:
      'War das Siegel verletzt, als dieser Brief Sie erreichte, dann verwenden Sie die PUC nicht: Sagen Sie dem Helpdesk Bescheid.',
    test: 'Dies ist ein Test. Die PUC darin ist erfunden.',
  },
} as const satisfies Words<typeof english>
