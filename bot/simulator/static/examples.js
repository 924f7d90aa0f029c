// First questions to try, as people write them (from data/nlu and the cards' own questions).

export const EXAMPLES = {
  en: ["boss took my passport", "not paid for 3 months", "I want to talk to a person"],
  ne: ["साहुले मेरो पासपोर्ट राख्यो", "एजेन्टले पासपोर्ट फिर्ता दिएन"],
  fr: ["mon patron a pris mon passeport", "3 mois sans salaire"],
  es: ["mi jefe me quitó el pasaporte", "no me pagan hace dos meses"],
  pt: ["meu patrão pegou meu passaporte", "salario atrasado 2 meses"],
  ar: ["صاحب الشغل اخد جوازي", "ما دفع راتبي من ثلاث شهور"],
  zh: ["老板扣了我的护照", "三个月没发钱"],
  ht: ["patwon m pran paspò m", "twa mwa san salè"],
  am: ["አሰሪዬ ፓስፖርቴን ወሰደ", "ደሞዜን አልከፈለኝም"],
};
