import type { Language } from '@unlatch/contract'

/**
 * Words that are said over the telephone, by language: common nouns of four to eight letters, no two of which sound alike.
 * German ones are without umlauts: what is typed is compared by its letters from a to z. Not a secret.
 */
export const WORDS: Readonly<Record<Language, readonly string[]>> = {
  en: [
    'acorn amber anchor apple arrow autumn bacon badge bakery balcony bamboo banana barrel basket beach beaver',
    'bicycle biscuit blanket blossom border bottle branch bridge bronze bucket butter button cabin cactus camel',
    'candle canoe canvas carbon carpet carrot castle cedar cellar cement chapel cherry circus citrus clover cobalt',
    'coffee comet copper coral corner cotton cousin cradle crystal dancer desert diamond dinner dolphin donkey',
    'dragon drawer eagle eleven emerald engine evening fabric falcon farmer feather fennel ferry fiddle finger',
    'flavour forest fossil fountain galaxy garden garlic ginger glacier glove granite guitar hammer harbour harvest',
    'hazel helmet hockey honey island ivory jacket jasmine jelly jersey jungle kettle kitchen kiwi ladder lagoon',
    'lantern lavender leather lemon lentil library lizard lobster magnet mango maple marble market meadow melon',
    'metal mirror monkey morning motor mountain museum mustard napkin needle nickel nutmeg ocean olive onion orange',
    'orchid otter oyster paddle palace panda paper parrot pebble pencil pepper piano pillow pirate planet plastic',
    'pocket pony poppy potato powder puzzle quartz rabbit radish raven ribbon river robin rocket rubber saddle',
    'saffron salad salmon sandal satin saturn school scooter season shadow shelter silver sister spider spring',
    'squirrel stable statue summer sunset tailor teacher temple thunder ticket tiger timber toffee tomato tower',
    'tractor treasure trumpet tulip tunnel turtle umbrella valley vanilla velvet village violin volcano waffle',
    'walnut water weather whistle willow window winter wizard yellow zebra',
  ].flatMap((line) => line.split(' ')),
  de: [
    'abend adler ahorn album amsel ananas anker apfel april arena armband arzt asche atlas auge',
    'auster bagger balkon banane bart batterie becher beere bericht besen beton biber birne blatt blitz',
    'blume bohne boot braten brief brille bruder brunnen buch burg butter chor dach dampf daumen decke delfin diamant',
    'distel drache durst ebene echo efeu eiche eimer elefant elster engel ente erbse esel eule fabrik',
    'fahne falke farbe feder fenster ferien fichte finger fisch flasche fliege forelle freitag frosch',
    'fuchs gabel galerie garten geige gemse gewitter giraffe gitarre glas glocke gold granit gurke hafen',
    'hagel hammer harfe hecht helm herbst himbeere hirsch honig hotel hummel igel ingwer insel',
    'jacke januar jodel juwel kaffee kaktus kamel kanne karotte kasten katze kegel keller kerze kiosk kirsche',
    'klavier klee knoten koffer komet konzert koralle korb krokodil kuchen kupfer lager lampe laterne leiter lerche',
    'licht lineal linse magnet mantel marmor matrose mauer melone metall mittag mohn monat morgen motor',
    'muschel museum nacht nadel nashorn nebel nelke nest nickel nuss oboe ofen oktober olive onkel opal orange',
    'orgel otter palast palme panther papier paprika pelikan pfeffer pferd pflaume pirat planet platin pokal',
    'post puppe quelle quitte rabe radio rakete regen reis ring ritter rose rubin safran salat samt sattel',
    'schere schiff schloss schnee schule seife senf silber sofa sommer sonne spaten specht spiegel',
    'stern storch strand tablett taube teich tempel teppich theater thron tiger tinte tomate trompete',
    'tulpe tunnel turm ufer uhrwerk ulme urlaub vanille vase veilchen vogel vulkan waage wald walnuss wasser weide',
    'wiese winter wolke wurzel zange zaun zebra ziege zimt zirkus zitrone zucker zwerg zwiebel',
  ].flatMap((line) => line.split(' ')),
}
