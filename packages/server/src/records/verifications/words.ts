/**
 * Words that are said over the telephone: common English nouns of four to eight letters, no two of which sound alike. Not
 * a secret.
 */
export const WORDS: readonly string[] = [
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
].flatMap((line) => line.split(' '))
