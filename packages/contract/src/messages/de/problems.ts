import type { ProblemCode } from '../../problems.ts'
import type { ProblemText } from '../en/problems.ts'

const UNTOUCHED = 'An der Karte hat sich nichts geändert.'
const NO_CARD_INVOLVED = 'Keine Karte ist betroffen.'

/** The words for every problem of the table; a missing code does not compile. */
export const problems = {
  // what was asked
  'input-invalid': {
    happened: 'Was gesendet wurde, hat nicht die richtige Form.',
    card: UNTOUCHED,
    now: 'Prüfen Sie die Eingabe und versuchen Sie es noch einmal. Geschieht es wieder, melden Sie die Anfragenummer.',
  },
  'not-found': {
    happened: 'Eine solche Person, Karte oder Seite gibt es nicht.',
    card: NO_CARD_INVOLVED,
    now: 'Suchen Sie noch einmal. Vielleicht wurde sie entfernt, oder Sie dürfen sie nicht sehen.',
  },
  'too-large': {
    happened: 'Was gesendet wurde, ist zu groß.',
    card: UNTOUCHED,
    now: 'Senden Sie weniger auf einmal.',
  },
  'wrong-usage': {
    happened: 'So wird der Befehl nicht verwendet.',
    card: UNTOUCHED,
    now: 'Lesen Sie die Hilfe des Befehls und versuchen Sie es noch einmal.',
  },

  // who asks
  'sign-in-needed': {
    happened: 'Sie sind nicht mehr angemeldet.',
    card: UNTOUCHED,
    now: 'Melden Sie sich an. Was Sie auf der Seite eingegeben haben, steht noch da.',
  },
  'sign-in-refused': {
    happened: 'Benutzername oder Passwort ist falsch.',
    card: NO_CARD_INVOLVED,
    now: 'Geben Sie beides noch einmal ein. Achten Sie auf die Tastaturbelegung und die Feststelltaste.',
  },
  'sign-in-throttled': {
    happened: 'Es gab zu viele falsche Anmeldeversuche.',
    card: NO_CARD_INVOLVED,
    now: 'Warten Sie einige Minuten und versuchen Sie es dann noch einmal. Waren Sie es nicht selbst, informieren Sie Ihren Administrator.',
  },
  'set-up-code-refused': {
    happened: 'Dieser Einrichtungscode gilt nicht.',
    card: NO_CARD_INVOLVED,
    now: 'Prüfen Sie die Zeichen. Ein Code gilt einmal und 24 Stunden lang: Wurde er verwendet oder ist er älter, bitten Sie Ihren Administrator um einen neuen. Solange noch niemand eingerichtet ist, erzeugt ein Neustart des Servers einen.',
  },
  'passkey-refused': {
    happened: 'Der Passkey wurde nicht angenommen.',
    card: NO_CARD_INVOLVED,
    now: 'Versuchen Sie es noch einmal, innerhalb von zwei Minuten und mit einem Passkey, den Sie hier registriert haben. Ist er verloren oder ersetzt, bitten Sie Ihren Administrator um einen neuen Einrichtungscode.',
  },
  'passkey-copied': {
    happened: 'Dieser Passkey wurde abgelehnt: Sein Zähler lief rückwärts, wie bei einer Kopie.',
    card: NO_CARD_INVOLVED,
    now: 'Melden Sie sich mit einem anderen Passkey an, entfernen Sie diesen unter „Mein Konto“, und informieren Sie Ihren Administrator.',
  },
  'passkey-cancelled': {
    happened: 'Der Passkey wurde nicht verwendet: Die Abfrage wurde geschlossen, oder niemand antwortete rechtzeitig.',
    card: NO_CARD_INVOLVED,
    now: 'Versuchen Sie es noch einmal und folgen Sie dem, was der Browser verlangt.',
  },
  'passkey-not-possible': {
    happened: 'Dieser Browser kann auf dieser Seite keinen Passkey verwenden.',
    card: NO_CARD_INVOLVED,
    now: 'Öffnen Sie die Seite mit ihrem Hostnamen und nicht mit einer Nummer (localhost, nicht 127.0.0.1), über HTTPS, in einem aktuellen Browser.',
  },
  'passkey-exists': {
    happened: 'Auf diesem Authentifikator ist bereits ein Passkey für Sie.',
    card: NO_CARD_INVOLVED,
    now: 'Verwenden Sie einen anderen Authentifikator, oder behalten Sie den Passkey, den Sie haben.',
  },
  'passkey-last': {
    happened: 'Das ist Ihr letzter Passkey, deshalb bleibt er.',
    card: NO_CARD_INVOLVED,
    now: 'Fügen Sie zuerst einen anderen hinzu, dann entfernen Sie diesen.',
  },
  'password-wrong': {
    happened: 'Ihr jetziges Passwort ist falsch.',
    card: NO_CARD_INVOLVED,
    now: 'Geben Sie es noch einmal ein. Haben Sie es vergessen, bitten Sie Ihren Administrator um einen neuen Einrichtungscode.',
  },
  'password-unfit': {
    happened: 'Das neue Passwort verstößt gegen eine Regel.',
    card: NO_CARD_INVOLVED,
    now: 'Wählen Sie mindestens 12 Zeichen, ohne Ihren Namen und ohne ein Wort, das jeder probiert.',
  },
  'own-account': {
    happened: 'Niemand ändert seine eigenen Rollen, seinen eigenen Zustand oder seinen eigenen Einrichtungscode.',
    card: NO_CARD_INVOLVED,
    now: 'Bitten Sie jemanden, der Operatoren ändern darf. Ihr Passwort, Ihre Passkeys und Ihre Sitzungen stehen unter „Mein Konto“.',
  },
  'last-administrator': {
    happened: 'Nach dieser Änderung könnte niemand mehr Operatoren ändern.',
    card: NO_CARD_INVOLVED,
    now: 'Geben Sie zuerst jemand anderem eine Rolle, die das darf, und versuchen Sie es dann noch einmal.',
  },
  'permission-lacking': {
    happened: 'Damit würden Sie eine Berechtigung vergeben, die Sie selbst nicht haben.',
    card: NO_CARD_INVOLVED,
    now: 'Bitten Sie jemanden, der diese Berechtigung hat.',
  },
  'name-taken': {
    happened: 'Dieser Name ist vergeben.',
    card: NO_CARD_INVOLVED,
    now: 'Wählen Sie einen anderen Namen.',
  },
  'template-unknown': {
    happened: 'Diese Kartenvorlage gibt es nicht.',
    card: NO_CARD_INVOLVED,
    now: 'Laden Sie die Seite neu: Vielleicht hat jemand sie entfernt.',
  },
  'template-locked': {
    happened: 'Diese Kartenvorlage ist festgeschrieben.',
    card: NO_CARD_INVOLVED,
    now: 'Geben Sie sie zuerst frei, oder kopieren Sie sie und ändern Sie die Kopie.',
  },
  'template-changed': {
    happened: 'Jemand anderes hat diese Kartenvorlage zur gleichen Zeit geändert wie Sie.',
    card: NO_CARD_INVOLVED,
    now: 'Was Sie eingegeben haben, steht noch da: Sehen Sie nach, was in der neuen Version steht, und speichern Sie Ihre danach, oder verwerfen Sie sie.',
  },
  'template-not-usable': {
    happened: 'Nach dieser Kartenvorlage kann jetzt keine Karte ausgestellt werden.',
    card: 'Mit der Karte ist nichts geschehen.',
    now: 'Was fehlt, steht unter Vorlagen > Kartenvorlagen.',
  },
  'template-wrong-card': {
    happened: 'Diese Kartenvorlage ist für eine andere Art von Karte.',
    card: 'Mit der Karte ist nichts geschehen.',
    now: 'Registrieren Sie die Karte mit einer Vorlage ihrer Art.',
  },
  'person-changed': {
    happened: 'Jemand anderes hat inzwischen geändert, was über diese Person hinterlegt ist.',
    card: NO_CARD_INVOLVED,
    now: 'Sehen Sie nach, was jetzt dort steht, und speichern Sie dann noch einmal, was Sie noch ändern möchten.',
  },
  'import-over': {
    happened: 'Dieser Import ist beendet oder läuft schon.',
    card: NO_CARD_INVOLVED,
    now: 'Laden Sie die Seite neu, um zu sehen, wie weit er ist. Importieren Sie die Datei noch einmal, um zu sehen, was davon übrig ist.',
  },
  'import-changed': {
    happened: 'Jemand anderes hat für diese Datei inzwischen Kodierung, Trennzeichen oder Spalten anders gewählt.',
    card: NO_CARD_INVOLVED,
    now: 'Sehen Sie sich die Vorschau noch einmal an und starten Sie dann den Import.',
  },
  'import-unmapped': {
    happened: 'Keine Spalte der Datei ist der Name oder der Benutzername.',
    card: NO_CARD_INVOLVED,
    now: 'Wählen Sie über den Zeilen, welche Spalten es sind.',
  },
  'person-had-cards': {
    happened:
      'Diese Person hat oder hatte eine Karte und bleibt hinterlegt: Frühere Entsperrungen und Zustellungen nennen sie.',
    card: NO_CARD_INVOLVED,
    now: 'Widerrufen Sie ihre Karten unter Lebenszyklus > Karten, oder mustern Sie sie aus. Was nicht mehr stimmt, nehmen Sie mit „Bearbeiten“ heraus.',
  },
  'connection-unknown': {
    happened: 'Diese Verbindung gibt es nicht.',
    card: NO_CARD_INVOLVED,
    now: 'Laden Sie die Seite neu: Vielleicht hat jemand sie entfernt.',
  },
  'connection-of-desk': {
    happened: 'Über diese Verbindung erreicht der Helpdesk Personen oder lässt Karten anderswo stoppen.',
    card: NO_CARD_INVOLVED,
    now: 'Wählen Sie zuerst unter Optionen > Grenzen und Bedrohungsstufe eine andere.',
  },
  'connection-in-use': {
    happened: 'Kartenvorlagen stellen noch über diese Verbindung zu.',
    card: NO_CARD_INVOLVED,
    now: 'Geben Sie diesen Vorlagen zuerst eine andere Verbindung.',
  },
  'connection-untested': {
    happened: 'Diese Verbindung wurde so, wie sie jetzt ist, nicht getestet.',
    card: NO_CARD_INVOLVED,
    now: 'Wählen Sie bei der Verbindung unter Optionen > Verbindungen „Testen“, und versuchen Sie es dann noch einmal.',
  },
  'directory-unreachable': {
    happened: 'Das Verzeichnis war nicht zu erreichen oder hat nicht rechtzeitig geantwortet.',
    card: NO_CARD_INVOLVED,
    now: 'Prüfen Sie seine Adressen und ob dieser Server sich dorthin verbinden darf. Personen können inzwischen von Hand hinzugefügt werden.',
  },
  'directory-insecure': {
    happened: 'Das Verzeichnis hat nicht bewiesen, wer es ist, oder bietet kein TLS an.',
    card: NO_CARD_INVOLVED,
    now: 'Prüfen Sie seinen Namen und die Zertifizierungsstelle seines Zertifikats. Ohne TLS meldet sich dort niemand an.',
  },
  'directory-sign-in': {
    happened: 'Das Verzeichnis hat Name und Passwort nicht angenommen.',
    card: NO_CARD_INVOLVED,
    now: 'Geben Sie beides bei der Verbindung unter Optionen > Verbindungen neu ein, und wählen Sie „Testen“.',
  },
  'directory-base': {
    happened: 'Die Suchbasis gibt es im Verzeichnis nicht, oder es zeigt sie diesem Namen nicht.',
    card: NO_CARD_INVOLVED,
    now: 'Berichtigen Sie die Basis bei der Verbindung unter Optionen > Verbindungen, und wählen Sie „Testen“.',
  },
  'directory-limit': {
    happened: 'Das Verzeichnis findet mehr, als es auf einmal herausgibt, oder braucht zu lange.',
    card: NO_CARD_INVOLVED,
    now: 'Geben Sie mehr vom Namen ein. Hilft das nicht, lassen Sie dessen Administrator die Grenze für diesen Namen erhöhen.',
  },
  'directory-refused': {
    happened: 'Das Verzeichnis nimmt die Anfrage nicht an.',
    card: NO_CARD_INVOLVED,
    now: 'Lesen Sie, was es gesagt hat. Meist ist der Filter der Verbindung falsch.',
  },
  'delivery-unreachable': {
    happened: 'Die Gegenseite war nicht zu erreichen.',
    card: NO_CARD_INVOLVED,
    now: 'Prüfen Sie Host und Port und ob dieser Server sich dorthin verbinden darf. Was wartet, wird von selbst wieder versucht.',
  },
  'delivery-insecure': {
    happened: 'Die Gegenseite hat nicht bewiesen, wer sie ist, oder bietet kein TLS an.',
    card: NO_CARD_INVOLVED,
    now: 'Prüfen Sie den Hostnamen und die Zertifizierungsstelle ihres Zertifikats. Ohne TLS wird nichts gesendet.',
  },
  'delivery-sign-in': {
    happened: 'Die Gegenseite hat Benutzername und Passwort nicht angenommen.',
    card: NO_CARD_INVOLVED,
    now: 'Geben Sie beides unter Optionen > Verbindungen neu ein, und wählen Sie „Testen“.',
  },
  'delivery-refused': {
    happened: 'Die Gegenseite nimmt es nicht an.',
    card: NO_CARD_INVOLVED,
    now: 'Lesen Sie, was sie gesagt hat. Meist ist die Adresse der Person falsch: Berichtigen Sie sie und wählen Sie „Erneut senden“.',
  },
  'delivery-no-address': {
    happened: 'Diese Person hat keine Adresse, an die zugestellt werden kann.',
    card: NO_CARD_INVOLVED,
    now: 'Ergänzen Sie die Adresse und wählen Sie „Erneut senden“.',
  },
  'delivery-over': {
    happened: 'Diese Zustellung ist beendet.',
    card: NO_CARD_INVOLVED,
    now: 'Laden Sie die Seite neu, um zu sehen, wie sie ausging.',
  },
  'procedure-not-allowed': {
    happened: 'Die Vorlage dieser Karte erlaubt nicht, sie auf diese Weise zu entsperren.',
    card: 'Mit der Karte ist nichts geschehen.',
    now: 'Entsperren Sie sie anders: mit ihrer PUC oder in einer Ausweisstelle.',
  },
  'puc-limit-card': {
    happened: 'Die PUC dieser Karte wurde heute zu oft gelesen.',
    card: 'Mit ihr ist nichts geschehen.',
    now: 'Bitten Sie den Inhaber, die Karte an eine Station zu bringen, oder versuchen Sie es morgen wieder. Haben Sie das nicht erwartet, informieren Sie einen Supervisor.',
  },
  'puc-not-kept': {
    happened: 'Für diese Karte gibt es keine PUC, die man herausgeben könnte.',
    card: 'Mit der Karte ist nichts geschehen.',
    now: 'Ihre Kartenvorlage sagt, ob der Helpdesk ihre PUC hat; ohne PUC wird sie anders entsperrt.',
  },
  'role-built-in': {
    happened: 'Eine eingebaute Rolle kann nicht geändert oder gelöscht werden.',
    card: NO_CARD_INVOLVED,
    now: 'Legen Sie eine eigene Rolle mit den gewünschten Berechtigungen an.',
  },
  'role-in-use': {
    happened: 'Jemand hat diese Rolle noch.',
    card: NO_CARD_INVOLVED,
    now: 'Nehmen Sie die Rolle allen ab, die sie haben, und löschen Sie sie dann.',
  },
  'not-permitted': {
    happened: 'Ihre Rolle erlaubt das nicht.',
    card: UNTOUCHED,
    now: 'Bitten Sie jemanden, der es darf, oder Ihren Administrator.',
  },
  'foreign-page': {
    happened: 'Die Anfrage kam von einer anderen Seite und wurde abgelehnt.',
    card: UNTOUCHED,
    now: 'Öffnen Sie die Seite neu unter ihrer eigenen Adresse.',
  },
  'session-not-active': {
    happened: 'Die Karten dieses Computers werden nur gezeigt, wer davor sitzt, und das sind nicht Sie.',
    card: UNTOUCHED,
    now: 'Gehen Sie an den Computer und wechseln Sie zu Ihrer Sitzung.',
  },
  'agent-service-unreachable': {
    happened: 'Der Agent, der mit den Karten dieses Computers arbeitet, antwortet nicht.',
    card: UNTOUCHED,
    now: 'Warten Sie einen Moment: Vielleicht startet er gerade. Bleibt es so, informieren Sie Ihren Administrator (systemctl status unlatch-agent).',
  },
  'agent-unknown': {
    happened: 'Der Server kennt das Programm auf diesem Computer nicht.',
    card: UNTOUCHED,
    now: 'Bitten Sie einen Administrator, diesen Computer aufzunehmen.',
  },
  'agent-clock': {
    happened: 'Die Uhr dieses Computers weicht zu sehr von der des Servers ab.',
    card: UNTOUCHED,
    now: 'Stellen Sie die Uhr dieses Computers, oder lassen Sie sie von einem Zeitserver stellen, und versuchen Sie es dann noch einmal.',
  },
  'agent-exists': {
    happened: 'Der Schlüssel dieses Computers gehört bereits zu einem Agenten oder zu einem, der widerrufen wurde.',
    card: NO_CARD_INVOLVED,
    now: 'Soll dieser Computer neu aufgenommen werden, nehmen Sie ihn mit einem neuen Schlüssel auf: Der Code gilt noch.',
  },
  'agent-revoked': {
    happened: 'Dieser Agent ist widerrufen: An ihm wird nichts mehr geändert.',
    card: NO_CARD_INVOLVED,
    now: 'Fügen Sie den Computer als neuen Agenten hinzu, wenn er wieder arbeiten soll.',
  },
  'enrolment-code-refused': {
    happened: 'Dieser Aufnahmecode gilt nicht.',
    card: NO_CARD_INVOLVED,
    now: 'Prüfen Sie die Zeichen. Ein Code gilt einmal und 24 Stunden lang: Wurde er verwendet oder ist er älter, fügt ein Administrator den Agenten neu hinzu.',
  },
  'agent-too-old': {
    happened: 'Dieser Computer hat einen Agenten, den der Server nicht mehr versteht.',
    card: UNTOUCHED,
    now: 'Installieren Sie auf diesem Computer den aktuellen Agenten, und versuchen Sie es dann noch einmal.',
  },
  'server-too-old': {
    happened: 'Dieser Computer hat einen Agenten, der neuer ist als der Server.',
    card: UNTOUCHED,
    now: 'Aktualisieren Sie zuerst den Server, oder installieren Sie den Agenten, der zu ihm gehört.',
  },
  'agent-offline': {
    happened: 'Die Station ist nicht verbunden, oder in jenem Leser steckt keine Karte.',
    card: UNTOUCHED,
    now: 'Starten Sie den Agenten an der Station, stecken Sie die Karte ein, und wählen Sie den Leser noch einmal.',
  },
  'station-only': {
    happened: 'Das geht nur an einer Station der Ausweisstelle.',
    card: UNTOUCHED,
    now: 'Bringen Sie die Karte zur Ausweisstelle.',
  },

  // a card's state
  'card-unknown': {
    happened: 'Diese Karte wird hier nicht verwaltet.',
    card: UNTOUCHED,
    now: 'Prüfen Sie die aufgedruckte Nummer. Ist die Karte von einer anderen Organisation, kann deren Aussteller helfen.',
  },
  'card-not-issued': {
    happened: 'Diese Karte ist noch nicht ausgestellt.',
    card: 'Sie kann nicht entsperrt werden, bevor ihre Ausstellung abgeschlossen ist.',
    now: 'Schließen Sie die Ausstellung an einer Station ab.',
  },
  'card-in-stock': {
    happened: 'Diese Karte ist im Lager: Niemand hat sie.',
    card: 'Für sie wird nichts freigegeben, zugestellt oder angezeigt.',
    now: 'Registrieren Sie sie für ihren neuen Inhaber und stellen Sie sie an einer Station aus.',
  },
  'card-suspended': {
    happened: 'Diese Karte ist suspendiert.',
    card: 'Solange sie suspendiert ist, wird für sie kein Kryptogramm freigegeben.',
    now: 'Klären Sie zuerst, warum: Vielleicht wurde sie als verloren oder missbraucht gemeldet.',
  },
  'card-revoked': {
    happened: 'Diese Karte ist widerrufen.',
    card: 'Sie wird nicht mehr verwendet.',
    now: 'Der Karteninhaber braucht eine neue Karte von der Ausweisstelle.',
  },
  'card-move-refused': {
    happened: 'Eine Karte in diesem Zustand kann nicht so geändert werden, oder nicht aus diesem Grund.',
    card: 'Ihr Zustand ist, wie er war.',
    now: 'Laden Sie die Seite neu: Vielleicht hat jemand ihn inzwischen geändert. Eine widerrufene Karte bleibt es; ihr Inhaber braucht eine andere.',
  },
  'card-cannot-be-saved': {
    happened: 'Diese Karte kann nicht am Telefon entsperrt werden.',
    card: 'Ihre Zertifikate und Schlüssel sind unberührt, aber kein Kryptogramm kann ihr helfen.',
    now: 'Schicken Sie den Karteninhaber mit der Karte zur Ausweisstelle.',
  },
  'card-of-issuer': {
    happened:
      'Das ist eine Common Access Card. Ihre Schlüssel liegen bei ihrem Aussteller, und niemand sonst kann sie entsperren oder verwalten.',
    card: UNTOUCHED,
    now: 'Ihr Inhaber geht zu einer RAPIDS-Stelle oder einer Station für CAC PIN Reset.',
  },
  'card-exists': {
    happened: 'Diese Karte ist bereits registriert.',
    card: UNTOUCHED,
    now: 'Suchen Sie nach ihrer aufgedruckten Nummer und machen Sie dort weiter.',
  },
  'card-key-unknown': {
    happened: 'Die Karte hat eine PUK oder einen Schlüssel, die hier nicht bekannt sind.',
    card: 'Ein Geheimnis, das sie abgelehnt hat, wird ihr nicht noch einmal gesendet: Ein neuer Versuch kostet sie nichts.',
    now: 'Geben Sie an der Station die jetzigen Geheimnisse der Karte an (unlatch issue --current-keys-fd), oder setzen Sie die Karte mit dem Werkzeug ihres Herstellers zurück und stellen Sie sie mit --fresh-card aus. Sonst legen Sie sie ins Lager zurück und nehmen Sie eine andere Karte.',
  },
  'card-identity-conflict': {
    happened:
      'Diese Karte und das, was über sie hinterlegt ist, gehören nicht zusammen: Eines von beiden ist nicht, was es zu sein angibt.',
    card: 'Kein Schlüssel wurde probiert, und an der Karte hat sich nichts geändert. Es ist als Vorfall aufgezeichnet.',
    now: 'Behalten Sie die Karte ein. Vergleichen Sie ihre aufgedruckte Nummer mit dem, was hinterlegt ist, und informieren Sie Ihren Administrator.',
  },
  'card-in-two-places': {
    happened: 'Zwei Stationen oder Computer geben an, diese Karte zur gleichen Zeit zu haben.',
    card: 'Beide wurden angehalten. Was begonnen war, wird beim nächsten Kontakt fortgesetzt. Es ist als Vorfall aufgezeichnet.',
    now: 'Finden Sie heraus, wo die echte Karte ist, und informieren Sie Ihren Administrator. Beginnen Sie dann dort von vorn.',
  },
  'personalisation-refused': {
    happened: 'Die Karte hat einen Schritt ihrer Personalisierung abgelehnt.',
    card: 'Sie ist nicht einsatzbereit. Was vor diesem Schritt geschrieben wurde, steht noch auf ihr.',
    now: 'Beginnen Sie den Schritt an der Station noch einmal. Wird er wieder abgelehnt, nehmen Sie eine andere Karte und legen Sie diese beiseite.',
  },

  // a challenge
  'challenge-malformed': {
    happened: 'Das ist keine Challenge.',
    card: UNTOUCHED,
    now: 'Bitten Sie den Anrufer, die Challenge von der Entsperrseite vorzulesen, Gruppe für Gruppe.',
  },
  'challenge-misheard': {
    happened: 'Die Challenge wurde falsch verstanden oder falsch eingegeben.',
    card: 'Die Karte hat nichts davon gesehen; kein Versuch ist verloren.',
    now: 'Bitten Sie den Anrufer, sie noch einmal zu sagen, Gruppe für Gruppe, mit den Buchstabierwörtern.',
  },
  'challenge-other-card': {
    happened: 'Die Challenge gehört zur anderen Karte dieser Person.',
    card: 'Keine der Karten hat etwas davon gesehen; kein Versuch ist verloren.',
    now: 'Wechseln Sie zur anderen Karte.',
  },
  'challenge-answered': {
    happened: 'Diese Challenge wurde schon beantwortet.',
    card: 'Ein Kryptogramm beantwortet eine Challenge. Der Karte hat es nicht geschadet.',
    now: 'Bitten Sie den Anrufer, auf der Entsperrseite von vorn zu beginnen und die neue Challenge vorzulesen.',
  },
  'challenge-wrong-screen': {
    happened: 'Der Anrufer hat eine Seite offen, die die PUC verlangt und kein Kryptogramm.',
    card: 'Die Karte hat nichts davon gesehen; kein Versuch ist verloren.',
    now: 'Bitten Sie den Anrufer, diese Seite zu schließen und stattdessen die Entsperrseite zu öffnen.',
  },
  'bare-form-not-allowed': {
    happened: 'Eine Challenge vom Bildschirm von Windows selbst ist für diese Karte nicht erlaubt.',
    card: 'Die Karte hat nichts davon gesehen; kein Versuch ist verloren.',
    now: 'Bitten Sie den Anrufer, die Entsperrseite zu verwenden: Sie zeigt eine Challenge mit Prüfzeichen.',
  },
  'bare-form-unconfirmed': {
    happened: 'Eine Challenge vom Bildschirm von Windows selbst muss erst bestätigt werden.',
    card: 'Diese Form hat keine Prüfzeichen: Ein Versehen würde die Karte einen ihrer Versuche kosten.',
    now: 'Geben Sie die Challenge ein zweites Mal ein, dazu die letzten vier Zeichen der aufgedruckten Nummer der Karte.',
  },
  'too-many-misses': {
    happened: 'Es gab zu viele falsche Challenges.',
    card: 'Die Karte hat keine davon gesehen; kein Versuch ist verloren.',
    now: 'Beenden Sie diesen Anruf. Rufen Sie die Person unter der hinterlegten Nummer zurück und beginnen Sie in einer Stunde von vorn.',
  },

  // a release
  'card-puc-only': {
    happened:
      'Für diese Karte ist kein Schlüssel hinterlegt, mit dem ihr eine PUK versiegelt werden könnte. Deshalb geht ihre PUK nur an Stationen, und dieser Leser gehört keiner.',
    card: 'Mit ihr ist nichts geschehen.',
    now: 'Bringen Sie die Karte an eine Station, wo ein Operator sie entsperrt; oder lassen Sie den Karteninhaber die PUC verwenden, oder das Telefon, wo das angeboten wird.',
  },
  'card-swapped': {
    happened: 'Im Leser steckt eine andere Karte, als gewählt wurde.',
    card: 'Keine von beiden wurde geändert.',
    now: 'Stecken Sie die richtige Karte in den Leser und beginnen Sie von vorn.',
  },
  'unblock-under-way': {
    happened: 'Ein anderer Operator entsperrt diese Karte gerade.',
    card: 'Durch Sie ist mit ihr nichts geschehen.',
    now: 'Warten Sie, bis das beendet ist, höchstens zehn Minuten, oder sprechen Sie sich miteinander ab.',
  },
  'unblock-declined': {
    happened: 'Der Karteninhaber hat das Entsperren abgelehnt.',
    card: 'Mit ihr ist nichts geschehen.',
    now: 'Rufen Sie den Karteninhaber an: Wer die Karte hat, erwartet Sie vielleicht nicht, oder die Ziffern waren nicht dieselben.',
  },
  'attempt-superseded': {
    happened: 'Ein neuerer Vorgang ist an die Stelle von diesem getreten.',
    card: 'Durch diesen ist mit ihr nichts geschehen.',
    now: 'Machen Sie mit dem neueren weiter.',
  },
  'attempt-cancelled': {
    happened: 'Der Operator hat das Entsperren abgebrochen.',
    card: 'Mit ihr ist nichts geschehen.',
    now: 'Rufen Sie den Helpdesk an, wenn Sie es erwartet haben.',
  },
  'statement-expired': {
    happened: 'Mehr als zwei Minuten sind vergangen, oder etwas hat sich geändert, seit dies geschrieben wurde.',
    card: 'Mit ihr ist nichts geschehen.',
    now: 'Unterschreiben Sie noch einmal: Es wird eine neue Erklärung geschrieben.',
  },
  'card-not-proved': {
    happened: 'Die Karte im Leser hat nicht den Schlüssel der hinterlegten Karte. Das ist ein Vorfall.',
    card: 'Ihre PIN wurde nicht geändert.',
    now: 'Behalten Sie die Karte ein und informieren Sie einen Supervisor.',
  },
  'seal-not-opened': {
    happened:
      'Die Karte öffnet nicht, was für sie versiegelt wurde: Sie ist nicht die Karte, die sie zu sein angibt, oder ihr Schlüssel wurde ausgetauscht.',
    card: 'Ihre PIN wurde nicht geändert, und kein Versuch wurde verbraucht.',
    now: 'Behalten Sie die Karte ein und informieren Sie einen Supervisor.',
  },
  'page-not-open': {
    happened: 'Die Seite des Agenten an jenem Computer ist nicht offen, und es ließ sich dort kein Browser starten.',
    card: 'Mit ihr ist nichts geschehen.',
    now: 'Lassen Sie jemanden die Seite an jenem Computer öffnen (unlatch agent --open), und fragen Sie dann noch einmal an.',
  },
  'statement-refused': {
    happened:
      'Der Server wollte auf diesem Computer etwas unterschreiben lassen, das keine Erklärung zu einem Entsperren ist. Das ist ein Vorfall.',
    card: 'Es wurde nichts unterschrieben.',
    now: 'Wiederholen Sie es nicht. Informieren Sie Ihren Administrator.',
  },
  'signing-declined': {
    happened: 'Es wurde nichts unterschrieben: Am Agenten wurde abgelehnt, oder niemand gab rechtzeitig die PIN ein.',
    card: 'Mit der Karte ist nichts geschehen.',
    now: 'Unterschreiben Sie noch einmal, wenn Sie so weit sind.',
  },
  'signing-interrupted': {
    happened: 'Der Agent an Ihrer Karte verschwand, während er auf Ihre PIN wartete. Es kam keine Signatur an.',
    card: 'Mit der Karte des Karteninhabers ist nichts geschehen.',
    now: 'Starten Sie den Agenten dort neu, wenn er nicht von selbst wiederkommt, und unterschreiben Sie dann noch einmal.',
  },
  'operator-card-refused': {
    happened:
      'Die Signatur stammt nicht von einer Operator-Karte, die für Sie registriert ist, oder gilt nicht für das, was zu unterschreiben war.',
    card: 'Mit der Karte des Karteninhabers ist nichts geschehen.',
    now: 'Verwenden Sie Ihre eigene Operator-Karte. Wurde sie ersetzt, fügen Sie die neue unter „Mein Konto“ hinzu.',
  },
  'operator-card-expired': {
    happened: 'Das Zertifikat dieser Operator-Karte gilt noch nicht oder nicht mehr.',
    card: 'Mit der Karte des Karteninhabers ist nichts geschehen.',
    now: 'Verwenden Sie einen Passkey oder eine andere Operator-Karte; lassen Sie diese danach erneuern.',
  },
  'operator-card-untrusted': {
    happened:
      'Das Zertifikat dieser Operator-Karte wurde nicht von der Zertifizierungsstelle ausgestellt, die Ihre Organisation genannt hat.',
    card: 'Mit der Karte des Karteninhabers ist nichts geschehen.',
    now: 'Verwenden Sie die Operator-Karte, die Ihre Organisation Ihnen gegeben hat, oder einen Passkey.',
  },
  'operator-card-revoked': {
    happened: 'Das Zertifikat dieser Operator-Karte wurde widerrufen.',
    card: 'Mit der Karte des Karteninhabers ist nichts geschehen.',
    now: 'Verwenden Sie einen Passkey. Geben Sie diese Karte ab, entfernen Sie sie unter „Mein Konto“, und bitten Sie um eine neue.',
  },
  'operator-card-revocation-unknown': {
    happened:
      'Der Server hat keine aktuelle Liste widerrufener Operator-Karten und kann deshalb nicht sagen, ob diese noch zählt.',
    card: 'Mit der Karte des Karteninhabers ist nichts geschehen.',
    now: 'Verwenden Sie einen Passkey, oder versuchen Sie es in einigen Minuten wieder. Informieren Sie Ihren Administrator: Im Protokoll des Servers steht, welche Liste fehlt.',
  },
  'operator-card-exists': {
    happened: 'Diese Karte ist bereits die eines Operators.',
    card: 'Sie bleibt, wessen sie ist.',
    now: 'Nehmen Sie eine andere Karte, oder lassen Sie diese zuerst dort entfernen.',
  },
  'operator-pin-missing': {
    happened: 'Nichts geht hinaus, bevor Sie es mit Ihrer Operator-PIN bestätigt haben.',
    card: UNTOUCHED,
    now: 'Wählen Sie noch einmal „Kryptogramm“ und bestätigen Sie.',
  },
  'self-service-not-allowed': {
    happened: 'Diese Karte darf ihr Inhaber nicht allein entsperren.',
    card: UNTOUCHED,
    now: 'Rufen Sie den Helpdesk an, oder nehmen Sie Ihre PUC, wenn Sie eine haben.',
  },
  'self-service-closed': {
    happened: 'Ihre Organisation hat die Selbstbedienung vorerst geschlossen.',
    card: UNTOUCHED,
    now: 'Rufen Sie den Helpdesk an. Ihre PUC gilt weiter, wenn Sie eine haben.',
  },
  'self-service-tries': {
    happened: 'Mit dieser Karte gab es in der letzten halben Stunde zu viele falsche Versuche.',
    card: UNTOUCHED,
    now: 'Zeigen Sie auf andere Weise, dass Sie es sind, warten Sie eine halbe Stunde, oder rufen Sie den Helpdesk an.',
  },
  'unblock-code-wrong': {
    happened: 'Dieser Entsperrcode stimmt nicht, wurde schon benutzt oder ist zu alt.',
    card: UNTOUCHED,
    now: 'Vergleichen Sie ihn mit dem, was Ihnen gesagt wurde, oder mit Ihrem Bogen, und tippen Sie ihn noch einmal. Nach fünf falschen gibt Ihnen der Helpdesk einen anderen.',
  },
  'identity-refused': {
    happened:
      'Der Identitätsanbieter hat nicht bestätigt, dass Sie es sind: Die Anmeldung wurde abgebrochen, ist zu alt oder war die einer anderen Person.',
    card: UNTOUCHED,
    now: 'Beginnen Sie die Anmeldung noch einmal als Sie selbst, oder nehmen Sie einen anderen Weg.',
  },
  'identity-answer-invalid': {
    happened:
      'Die Antwort des Identitätsanbieters gilt nicht: Er hat sie nicht signiert, oder sie war für ein anderes Programm oder eine andere Anmeldung bestimmt.',
    card: UNTOUCHED,
    now: 'Beginnen Sie die Anmeldung noch einmal, oder nehmen Sie einen anderen Weg. Geschieht es wieder, sagen Sie es dem Helpdesk: Der Anbieter ist vielleicht falsch eingerichtet, oder jemand steht dazwischen.',
  },
  'identity-provider-unreachable': {
    happened: 'Der Identitätsanbieter ist nicht zu erreichen, ist gestört oder weist sich nicht aus.',
    card: UNTOUCHED,
    now: 'Nehmen Sie einen anderen Weg, oder versuchen Sie es später.',
  },
  'way-not-set-up': {
    happened: 'Das wurde für Sie nie eingerichtet, oder es zählt noch nicht.',
    card: UNTOUCHED,
    now: 'Nehmen Sie einen anderen Weg, oder rufen Sie den Helpdesk an.',
  },
  'logon-wrong': {
    happened: 'Das ist nicht das Passwort Ihres Kontos.',
    card: UNTOUCHED,
    now: 'Tippen Sie es noch einmal, oder nehmen Sie einen anderen Weg. Nach zwei falschen wird es eine halbe Stunde lang nicht mehr versucht.',
  },
  'account-locked': {
    happened: 'Ihr Konto ist gesperrt.',
    card: UNTOUCHED,
    now: 'Nehmen Sie einen anderen Weg, oder rufen Sie den Helpdesk an und lassen Sie das Konto freigeben.',
  },
  'account-nearly-locked': {
    happened: 'Ein weiteres falsches Passwort würde Ihr Konto sperren; darum wurde es nicht versucht.',
    card: UNTOUCHED,
    now: 'Nehmen Sie einen anderen Weg, oder melden Sie sich zuerst an Ihrem Computer mit dem Passwort an.',
  },
  'account-disabled': {
    happened: 'Ihr Konto ist deaktiviert.',
    card: UNTOUCHED,
    now: 'Rufen Sie den Helpdesk an.',
  },
  'account-expired': {
    happened: 'Ihr Konto ist abgelaufen.',
    card: UNTOUCHED,
    now: 'Rufen Sie den Helpdesk an.',
  },
  'account-password-expired': {
    happened: 'Das Passwort Ihres Kontos ist abgelaufen.',
    card: UNTOUCHED,
    now: 'Ändern Sie es an einem Computer Ihrer Organisation, oder nehmen Sie einen anderen Weg.',
  },
  'account-must-change': {
    happened: 'Das Passwort Ihres Kontos muss geändert werden, bevor man es benutzen kann.',
    card: UNTOUCHED,
    now: 'Ändern Sie es an einem Computer Ihrer Organisation, oder nehmen Sie einen anderen Weg.',
  },
  'account-not-now': {
    happened: 'Ihr Konto darf zu dieser Zeit, oder von hier aus, nicht benutzt werden.',
    card: UNTOUCHED,
    now: 'Nehmen Sie einen anderen Weg, oder rufen Sie den Helpdesk an.',
  },
  'account-not-member': {
    happened: 'Das Passwort stimmt, aber Ihr Konto gehört nicht zu denen, die damit eine Karte entsperren dürfen.',
    card: UNTOUCHED,
    now: 'Nehmen Sie einen anderen Weg, oder rufen Sie den Helpdesk an.',
  },
  'one-time-password-wrong': {
    happened: 'Dieses Einmalpasswort stimmt nicht, wurde schon benutzt oder ist zu alt.',
    card: UNTOUCHED,
    now: 'Warten Sie, bis Ihre App die nächsten sechs Ziffern zeigt, und tippen Sie diese. Sind sie immer falsch, stellen Sie die Uhr Ihres Geräts, oder zeigen Sie auf andere Weise, dass Sie es sind.',
  },
  'one-time-passwords-full': {
    happened: 'Sie haben so viele Einmalpasswörter, wie es für eine Person geben darf.',
    card: UNTOUCHED,
    now: 'Entfernen Sie eines, das Sie nicht mehr benutzen, und beginnen Sie noch einmal.',
  },
  'holder-session-over': {
    happened:
      'Meine Smartcard wurde geschlossen: Die Zeit ist um, die Karte wurde herausgenommen, oder sie wurde anderswo geöffnet.',
    card: UNTOUCHED,
    now: 'Tippen Sie die PIN Ihrer Karte noch einmal.',
  },
  'caller-not-verified': {
    happened: 'Niemand hat verifiziert, dass diese Karte dem Anrufer gehört, oder es ist zu lange her.',
    card: UNTOUCHED,
    now: 'Verifizieren Sie den Anrufer auf einem der Wege, die die Seite anbietet, und versuchen Sie es dann noch einmal.',
  },
  'verification-insufficient': {
    happened: 'Diese Karte verlangt mehr: einen anderen Weg oder einen zweiten, der auf etwas anderem beruht.',
    card: UNTOUCHED,
    now: 'Verifizieren Sie den Anrufer auf einem der anderen Wege, die die Seite anbietet, und versuchen Sie es dann noch einmal.',
  },
  'verification-over': {
    happened: 'Diese Verifizierung ist beendet: Ihre Zeit ist um, oder sie wurde so oft verwendet, wie sie darf.',
    card: UNTOUCHED,
    now: 'Verifizieren Sie den Anrufer noch einmal.',
  },
  'verification-limit': {
    happened: 'Diese Person wurde in der letzten Stunde zu oft gebeten, sich auszuweisen.',
    card: UNTOUCHED,
    now: 'Sehen Sie sie persönlich, oder warten Sie eine Stunde. Haben Sie das nicht erwartet, informieren Sie einen Supervisor: Vielleicht versucht es jemand.',
  },
  'verification-not-admitted': {
    happened: 'Die Vorlage dieser Karte lässt diesen Weg nicht zu.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen der Wege, die die Seite anbietet.',
  },
  'verification-code-wrong': {
    happened: 'Das ist nicht, was gesendet wurde.',
    card: UNTOUCHED,
    now: 'Lassen Sie es noch einmal langsam vorlesen. Nach fünf falschen Antworten ist dieser Weg gescheitert.',
  },
  'verification-failed': {
    happened: 'Dieser Weg ist gescheitert: Es war zu oft falsch, wurde abgelehnt oder dauerte zu lange.',
    card: UNTOUCHED,
    now: 'Seien Sie vorsichtig: Das ist vielleicht nicht der Karteninhaber. Beginnen Sie von vorn, oder wählen Sie einen anderen Weg.',
  },
  'address-missing': {
    happened: 'Für diese Person ist keine solche Adresse hinterlegt, oder keine, die eine Nachricht erreicht.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Weg. Tragen Sie keine Adresse ein, die der Anrufer nennt.',
  },
  'address-too-new': {
    happened:
      'Diese Adresse wurde vor weniger als 14 Tagen geändert, und das könnte jemand getan haben, der sich nur ausgibt.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Weg; ein Supervisor sieht, wie sie vorher lautete.',
  },
  'phone-missing': {
    happened: 'Für diese Person ist keine Telefonnummer hinterlegt.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Weg. Tragen Sie keine Nummer ein, die der Anrufer nennt.',
  },
  'no-mail-connection': {
    happened: 'Es ist keine Verbindung gewählt, über die E-Mails hinausgehen, oder sie wurde so nicht getestet.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Weg. Ein Administrator wählt die Verbindung unter Optionen > Grenzen und Bedrohungsstufe.',
  },
  'no-text-connection': {
    happened: 'Es ist keine Verbindung gewählt, über die SMS hinausgehen, oder sie wurde so nicht getestet.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Weg. Ein Administrator wählt die Verbindung unter Optionen > Grenzen und Bedrohungsstufe.',
  },
  'manager-missing': {
    happened: 'Für diese Person ist keine Führungskraft hinterlegt.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Weg. Lassen Sie sich den Namen nicht vom Anrufer geben.',
  },
  'manager-no-account': {
    happened: 'Die hinterlegte Führungskraft hat hier kein Konto, oder zwei Konten haben diesen Namen.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Weg. Ein Administrator kann die Führungskraft unter Optionen > Operatoren mit der Rolle „Führungskraft“ hinzufügen.',
  },
  'approval-own': {
    happened: 'Niemand genehmigt, was er selbst angefragt hat, auch nicht aus demselben Browser.',
    card: UNTOUCHED,
    now: 'Lassen Sie es jemand anderen genehmigen, angemeldet an einem eigenen Computer.',
  },
  'person-passkey-missing': {
    happened: 'Diese Person hat hier keinen Passkey.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Weg. Wenn die Person vor Ihnen ist, kann sie über ihre Seite einen hinzufügen.',
  },
  'person-passkey-too-new': {
    happened: 'Der Passkey dieser Person ist weniger als sieben Tage alt und zählt noch nicht.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Weg.',
  },
  'proof-code-refused': {
    happened: 'Dieser Code gilt nicht, oder nicht mehr.',
    card: UNTOUCHED,
    now: 'Vergleichen Sie ihn mit dem, was man Ihnen gesagt hat, oder bitten Sie um einen neuen.',
  },
  'standard-refuses': {
    happened: 'Die Vorlage dieser Karte folgt einem Standard, der diese Art des Entsperrens nicht erlaubt.',
    card: UNTOUCHED,
    now: 'Entsperren Sie sie an einer Station, in Gegenwart des Karteninhabers: FIPS 201-3, 2.9.3.1.',
  },
  'second-operator-needed': {
    happened: 'Ein zweiter Operator muss diese Freigabe genehmigen, und keiner hat es getan.',
    card: UNTOUCHED,
    now: 'Bitten Sie auf dieser Seite um die Genehmigung. Jemand anderes antwortet auf der Seite „Genehmigungen“, an einem eigenen Computer.',
  },
  'second-operator-not-needed': {
    happened: 'Hier verlangt jetzt nichts einen zweiten Operator.',
    card: UNTOUCHED,
    now: 'Machen Sie ohne einen weiter.',
  },
  'release-limit-person': {
    happened: 'Für diese Person wurde heute zu viel freigegeben.',
    card: 'Sie bleibt gesperrt; auf ihr ist nichts verloren.',
    now: 'Schicken Sie den Karteninhaber zur Ausweisstelle, oder versuchen Sie es morgen wieder. Haben Sie das nicht erwartet, informieren Sie einen Supervisor.',
  },
  'release-limit-persons': {
    happened: 'Sie haben innerhalb von zehn Minuten für zu viele Personen freigegeben.',
    card: UNTOUCHED,
    now: 'Warten Sie einige Minuten, oder geben Sie diesen Anruf ab. Ein Supervisor sieht, dass diese Grenze erreicht wurde.',
  },
  'release-limit-outstanding': {
    happened: 'Zu viele der Kryptogramme, die Sie herausgegeben haben, haben noch keinen hinterlegten Ausgang.',
    card: UNTOUCHED,
    now: 'Tragen Sie zuerst ein, was aus ihnen wurde: bei jeder Karte, wie es ausging.',
  },
  'desk-changed': {
    happened: 'Jemand anderes hat diese Einstellungen geändert, seit Sie die Seite geöffnet haben.',
    card: NO_CARD_INVOLVED,
    now: 'Laden Sie die Seite neu, sehen Sie nach, was sich geändert hat, und nehmen Sie Ihre Änderung noch einmal vor.',
  },
  'notice-link-refused': {
    happened: 'Dieser Link ist keiner von uns, oder er wurde nicht vollständig kopiert.',
    card: UNTOUCHED,
    now: 'Öffnen Sie den Link in der Nachricht selbst. Hilft das nicht, rufen Sie den Helpdesk an.',
  },
  'notice-link-over': {
    happened: 'Dieser Link ist mehr als 30 Tage alt, oder die Karte ist ausgemustert oder gehört jemand anderem.',
    card: UNTOUCHED,
    now: 'Wenn mit Ihrer Karte etwas geschah, das nicht Sie waren, rufen Sie den Helpdesk an.',
  },
  'notice-over': {
    happened: 'Diese Benachrichtigung wird gerade gesendet, oder der Inhaber hat sie schon beantwortet.',
    card: UNTOUCHED,
    now: 'Sehen Sie sich ihre Adressen in einem Moment noch einmal an.',
  },
  'notice-older': {
    happened: 'Das geschah, bevor Benachrichtigungen zugestellt wurden.',
    card: UNTOUCHED,
    now: 'Wenn der Inhaber es wissen muss, sagen Sie es ihm selbst.',
  },
  'incident-open': {
    happened:
      'Der Inhaber dieser Karte sagte von etwas, das mit ihr getan wurde: Das war ich nicht. Der Vorfall ist offen.',
    card: 'Die Karte bleibt suspendiert.',
    now: 'Jemand anderes als der Operator von damals sieht den Inhaber persönlich und schließt den Vorfall unter Nachweise > Vorfälle.',
  },
  'incident-over': {
    happened: 'Jemand hat diesen Vorfall schon geschlossen.',
    card: UNTOUCHED,
    now: 'Laden Sie die Seite neu, um zu sehen, was festgestellt wurde.',
  },
  'incident-own': {
    happened: 'Der Vorfall betrifft etwas, das Sie getan haben.',
    card: 'Eine Karte, die deswegen suspendiert ist, bleibt suspendiert.',
    now: 'Ein anderer Supervisor muss dem nachgehen und ihn schließen.',
  },
  'holder-not-seen': {
    happened: 'Niemand hat angegeben, dass der Inhaber persönlich gesehen wurde.',
    card: 'Die Karte bleibt suspendiert.',
    now: 'Sehen Sie den Inhaber persönlich mit einem Ausweis, und geben Sie an, welcher es war. Soll die Karte nicht mehr verwendet werden, widerrufen Sie sie zuerst.',
  },
  'approval-over': {
    happened: 'Diese Anfrage wurde schon beantwortet, oder ihre Zeit ist um.',
    card: UNTOUCHED,
    now: 'Wird sie noch gebraucht, muss sie neu gestellt werden.',
  },
  'attempt-busy': {
    happened: 'In diesem Vorgang wird auf eine Signatur oder auf die Karte gewartet.',
    card: 'Mit ihr geht es weiter wie bisher.',
    now: 'Warten Sie, bis unterschrieben oder fertig ist, höchstens zwei Minuten, und versuchen Sie es dann noch einmal.',
  },
  'colleague-unfit': {
    happened: 'Dieser Operator kann den Vorgang nicht übernehmen: Es ist sein eigener, oder er darf nichts freigeben.',
    card: UNTOUCHED,
    now: 'Wählen Sie einen anderen Operator.',
  },
  'attempt-closed': {
    happened: 'Dieses Entsperren ist abgeschlossen.',
    card: 'Dafür wird nichts mehr freigegeben.',
    now: 'Beginnen Sie ein neues mit einer neuen Challenge.',
  },
  'release-limit-card': {
    happened: 'Für diese Karte wurden heute zu viele Kryptogramme freigegeben.',
    card: 'Sie bleibt gesperrt; auf ihr ist nichts verloren.',
    now: 'Schicken Sie den Karteninhaber zur Ausweisstelle, oder versuchen Sie es morgen wieder. Haben Sie das nicht erwartet, informieren Sie einen Supervisor.',
  },
  'release-limit-operator': {
    happened: 'Sie haben in der letzten Stunde zu viele Kryptogramme freigegeben.',
    card: 'Sie bleibt gesperrt; auf ihr ist nichts verloren.',
    now: 'Geben Sie den Anruf an jemand anderen ab.',
  },
  'supervisor-needed': {
    happened: 'Dieses Kryptogramm darf nur ein Supervisor freigeben.',
    card: 'Dieser Karte sind nur wenige Versuche geblieben. Sind sie verbraucht, kann sie nicht mehr entsperrt werden.',
    now: 'Geben Sie den Anruf an einen Supervisor ab.',
  },
  'try-not-approved': {
    happened:
      'Es herauszufinden verbraucht einen Versuch dieser Karte, und kein Supervisor hat das in den letzten 15 Minuten genehmigt.',
    card: 'An ihr wurde nichts geändert, und kein Versuch wurde verbraucht.',
    now: 'Ein Supervisor wählt die Karte in der Konsole, öffnet „Was Sie dem Anrufer sagen, und was Sie nie versuchen“, und genehmigt einen Versuch. Machen Sie es danach noch einmal.',
  },
  'outcome-outstanding': {
    happened: 'Es ist nicht bekannt, wie das letzte Kryptogramm für diese Karte ausging.',
    card: 'Einer ihrer Versuche könnte verloren sein.',
    now: 'Fragen Sie den Anrufer nach der Quittung des letzten Entsperrens und geben Sie sie ein, oder schicken Sie den Karteninhaber zur Ausweisstelle.',
  },
  'receipt-mismatch': {
    happened: 'Die Quittung ist falsch.',
    card: 'Die Karte ist, wie der Anrufer sagt; nur der Beweis dafür fehlt.',
    now: 'Bitten Sie den Anrufer, die vier Ziffern noch einmal vorzulesen.',
  },
  'too-many-receipts': {
    happened: 'Es gab zu viele falsche Quittungen.',
    card: 'Was auf der Karte geschah, bleibt unbekannt, bis sie wieder gesehen wird.',
    now: 'Beenden Sie den Anruf. Der Ausgang wird aufgezeichnet, wenn die Karte das nächste Mal verbunden ist.',
  },
  'key-service-limit': {
    happened: 'Der Schlüsseldienst hat seine stündliche Grenze erreicht.',
    card: 'Sie bleibt gesperrt; auf ihr ist nichts verloren.',
    now: 'Informieren Sie sofort einen Administrator: Diese Grenze soll Missbrauch aufhalten. Versuchen Sie es in der nächsten Stunde wieder.',
  },
  'admin-key-refused': {
    happened:
      'Die Karte hat den für sie hinterlegten Admin-Schlüssel abgelehnt: Jemand hat ihn geändert, oder dies ist eine andere Karte.',
    card: 'An ihr wurde nichts geändert. Wo sie die Versuche dieses Schlüssels zählt, könnte einer verloren sein; es wird keiner mehr verbraucht.',
    now: 'Informieren Sie Ihr Sicherheitsteam. Für diese Karte wird nichts freigegeben, bis sie an einer Station neu ausgestellt ist (unlatch reissue).',
  },
  'rehearsal-failed': {
    happened: 'Die Karte hat nicht bewiesen, dass sie die hinterlegte ist.',
    card: 'An ihr wurde nichts geändert.',
    now: 'Ziehen Sie sie heraus und stecken Sie sie wieder ein. Geschieht es wieder, ist sie vielleicht eine Kopie: Behalten Sie sie ein und informieren Sie Ihr Sicherheitsteam.',
  },
  'restore-not-accepted': {
    happened:
      'Die Datenbank ist älter als das Journal des Schlüsseldienstes: Sie wurde aus einer Sicherung wiederhergestellt.',
    card: UNTOUCHED,
    now: 'Wer die Schlüssel verwahrt, muss „unlatch restore accept“ ausführen, bevor etwas freigegeben wird.',
  },
  'folder-in-use': {
    happened: 'Ein anderer Server verwendet diesen Ordner.',
    card: NO_CARD_INVOLVED,
    now: 'Halten Sie den anderen Server an, oder nennen Sie einen anderen Ordner.',
  },
  'keys-locked': {
    happened: 'Der Schlüsselspeicher ist verschlossen.',
    card: 'Sie bleibt gesperrt; auf ihr ist nichts verloren.',
    now: 'Informieren Sie einen Administrator: Niemand kann entsperrt werden, bis die Schlüssel geöffnet sind.',
  },

  // at the card
  'no-reader': {
    happened: 'Es ist kein Kartenleser angeschlossen.',
    card: 'Mit Ihrer Karte ist alles in Ordnung.',
    now: 'Schließen Sie einen Kartenleser an diesen Computer an.',
  },
  'no-card': {
    happened: 'Im Leser steckt keine Karte.',
    card: 'Mit Ihrer Karte ist alles in Ordnung.',
    now: 'Stecken Sie Ihre Smartcard in den Leser, mit dem Chip voran.',
  },
  'card-removed': {
    happened: 'Die Karte wurde herausgezogen.',
    card: 'Die Challenge gilt nicht mehr. Auf der Karte ist nichts verloren.',
    now: 'Stecken Sie die Karte wieder ein, dann erzeugen wir eine neue.',
  },
  'challenge-superseded': {
    happened: 'Ein anderes Programm hat die Karte inzwischen verwendet.',
    card: 'Die Challenge gilt nicht mehr. Auf der Karte ist nichts verloren.',
    now: 'Schließen Sie andere Programme, die die Karte verwenden, und beginnen Sie dann mit einer neuen Challenge von vorn.',
  },
  'reader-in-use': {
    happened: 'Ein anderes Programm hält die Karte fest.',
    card: UNTOUCHED,
    now: 'Schließen Sie andere Programme, die die Karte verwenden, und versuchen Sie es dann noch einmal.',
  },
  'outcome-unknown': {
    happened: 'Die Verbindung zur Karte brach beim letzten Schritt ab.',
    card: 'Vielleicht hat die Karte die neue PIN übernommen, vielleicht nicht.',
    now: 'Stecken Sie die Karte wieder ein und warten Sie: Wir sehen nach, bevor etwas noch einmal versucht wird.',
  },
  'reader-unreachable': {
    happened: 'Die Kartenleser dieses Computers sind nicht zu erreichen.',
    card: UNTOUCHED,
    now: 'Ziehen Sie den Leser ab und stecken Sie ihn wieder an. Hilft das nicht, starten Sie den Computer neu.',
  },
  'card-not-blocked': {
    happened: 'Die Karte ist nicht gesperrt.',
    card: 'Ihre PIN funktioniert noch.',
    now: 'Melden Sie sich mit der PIN an. Wurde sie vergessen, kann die Ausweisstelle helfen.',
  },
  'card-not-supported': {
    happened: 'Diese Karte kann so nicht entsperrt werden.',
    card: UNTOUCHED,
    now: 'Bringen Sie die Karte zur Ausweisstelle, oder rufen Sie den Helpdesk an.',
  },
  'global-pin': {
    happened: 'Die alltägliche PIN dieser Karte wird anderswo gesetzt.',
    card: UNTOUCHED,
    now: 'Rufen Sie den Helpdesk an: Der Aussteller der Karte muss helfen.',
  },
  'cryptogram-mistyped': {
    happened: 'Das Kryptogramm enthält einen Tippfehler.',
    card: 'Die Karte hat es nicht gesehen; kein Versuch ist verloren.',
    now: 'Vergleichen Sie es mit dem Helpdesk, Gruppe für Gruppe, und geben Sie es noch einmal ein.',
  },
  'attempt-ended': {
    happened: 'Die Challenge gilt nicht mehr.',
    card: 'Auf der Karte ist nichts verloren.',
    now: 'Beginnen Sie von vorn: Wir erzeugen eine neue Challenge.',
  },
  'pin-policy': {
    happened: 'Die neue PIN verstößt gegen die Regeln.',
    card: 'Die Karte hat sie nicht gesehen; kein Versuch ist verloren.',
    now: 'Wählen Sie eine PIN, die jede Regel der Liste erfüllt.',
  },
  'pin-mismatch': {
    happened: 'Die beiden PINs sind verschieden.',
    card: 'Die Karte hat sie nicht gesehen; kein Versuch ist verloren.',
    now: 'Geben Sie die neue PIN zweimal gleich ein.',
  },
  'pin-refused-by-card': {
    happened: 'Die Karte lehnt diese PIN ab.',
    card: 'Sie bleibt gesperrt; auf ihr ist nichts verloren.',
    now: 'Wählen Sie eine andere PIN.',
  },
  'pin-malformed': {
    happened: 'Was Sie als jetzige PIN eingegeben haben, kann nicht die PIN dieser Karte sein.',
    card: 'Die Karte wurde nicht gefragt. Kein Versuch ist verbraucht.',
    now: 'Geben Sie die PIN ein, die die Karte jetzt hat. Eine Karte frisch vom Hersteller hat oft 123456.',
  },
  'pin-wrong': {
    happened: 'Die PIN ist falsch.',
    card: 'Einer ihrer Versuche ist verbraucht.',
    now: 'Geben Sie die PIN mit Sorgfalt noch einmal ein.',
  },
  'puk-refused': {
    happened: 'Die Karte hat das Geheimnis des Servers nicht angenommen.',
    card: 'Einer ihrer Versuche zum Entsperren ist verbraucht. Sonst ist auf ihr nichts verloren.',
    now: 'Versuchen Sie es nicht noch einmal. Lesen Sie dem Helpdesk die Quittung vor.',
  },
  'puc-malformed': {
    happened: 'Was Sie eingegeben haben, hat nicht die acht Ziffern einer PUC.',
    card: 'Die Karte wurde nicht gefragt. Kein Versuch ist verbraucht.',
    now: 'Vergleichen Sie es mit Ihrem Brief und geben Sie es noch einmal ein.',
  },
  'puc-refused': {
    happened: 'Die Karte hat diese PUC abgelehnt.',
    card: 'Einer ihrer Versuche ist verbraucht. Sonst ist auf ihr nichts verloren.',
    now: 'Vergleichen Sie die PUC mit Ihrem Brief, Ziffer für Ziffer, und prüfen Sie, ob der Brief zu dieser Karte gehört. Stimmt sie überein, versuchen Sie es nicht noch einmal: Rufen Sie den Helpdesk an.',
  },
  'puk-blocked': {
    happened: 'Die Karte kann nicht mehr entsperrt werden.',
    card: 'Alle ihre Versuche sind verbraucht. Sie kann nicht mehr zum Anmelden verwendet werden.',
    now: 'Gehen Sie zur Ausweisstelle: Sie brauchen eine neue Karte.',
  },
  'last-try': {
    happened: 'Das wäre der letzte Versuch.',
    card: 'Wird er abgelehnt, kann die Karte nie wieder entsperrt werden.',
    now: 'Bestätigen Sie, dass Sie das wollen, oder gehen Sie mit der Karte zur Ausweisstelle.',
  },
  'cryptogram-refused': {
    happened: 'Die Karte hat das Kryptogramm abgelehnt.',
    card: 'Sie bleibt gesperrt, und einer ihrer Versuche ist vielleicht verbraucht.',
    now: 'Sagen Sie es dem Helpdesk, und beginnen Sie dann mit einer neuen Challenge von vorn.',
  },
  'card-fault': {
    happened: 'Die Karte gab eine Antwort, die keinen Sinn ergibt.',
    card: 'Vielleicht sitzt sie nicht richtig im Leser, oder sie ist beschädigt.',
    now: 'Ziehen Sie die Karte heraus, wischen Sie den Chip mit einem trockenen Tuch ab, stecken Sie sie wieder ein, und beginnen Sie von vorn.',
  },
  'configuration-missing': {
    happened: 'Dieser Computer hat seine Konfiguration noch nicht vom Server erhalten.',
    card: UNTOUCHED,
    now: 'Verbinden Sie diesen Computer einmal mit dem Netz Ihrer Organisation, oder rufen Sie den Helpdesk an.',
  },

  // reaching things
  'server-unreachable': {
    happened: 'Der Server ist nicht zu erreichen.',
    card: UNTOUCHED,
    now: 'Prüfen Sie das Netz und versuchen Sie es noch einmal. Was Sie eingegeben haben, ist noch da.',
  },
  'database-unreachable': {
    happened: 'Der Server kann seine Datenbank im Moment nicht erreichen.',
    card: UNTOUCHED,
    now: 'Warten Sie eine Minute und versuchen Sie es noch einmal. Was Sie eingegeben haben, ist noch da. Hält es an, informieren Sie Ihren Administrator.',
  },
  'database-full': {
    happened: 'Der Server hat keinen Platz mehr, um aufzuschreiben, was er tut; deshalb tut er nichts.',
    card: UNTOUCHED,
    now: 'Informieren Sie Ihren Administrator: Die Platte der Datenbank ist voll.',
  },
  'database-unfit': {
    happened: 'Die Datenbank ist so eingestellt, dass sie Festgeschriebenes verlieren könnte.',
    card: NO_CARD_INVOLVED,
    now: 'Ändern Sie die Einstellung, die der Server in seinem Protokoll nennt, und starten Sie dann den Server neu.',
  },
  'backup-damaged': {
    happened: 'Die Sicherung ist nicht vollständig oder wurde verändert.',
    card: NO_CARD_INVOLVED,
    now: 'Es wurde nichts angerührt. Nehmen Sie eine andere Sicherung oder eine andere Kopie von dieser.',
  },
  'server-not-ready': {
    happened: 'Der Server läuft, kann aber nicht bedienen.',
    card: NO_CARD_INVOLVED,
    now: 'Sehen Sie sich an, was er nennt: die Datenbank, eine Wiederherstellung, die auf Annahme wartet, oder die Platte.',
  },
  'session-ended': {
    happened: 'Diese Seite ist nicht mehr verbunden.',
    card: UNTOUCHED,
    now: 'Schließen Sie sie und öffnen Sie die Entsperrseite neu.',
  },
} as const satisfies Record<ProblemCode, ProblemText>
