"""What a person means: language, act, topics, places, stage, danger. Knows nothing of Django.

One path, two doors: Rasa's graph (`components`, wired in config.yml) and `live.understand`, which
reads the same trained archive without Rasa. Both end in `reader.compose`. Taken before either of
them: `reserved.find` (STOP, HELP, languages…) and `choices.resolve` (menus).

What survives in `tracker.latest_message` for the actions:

* `intent`, `intent_ranking` (twelve): topics and acts of data/nlu. What a table knows (reserved
  words, small talk, a bare place) comes first with confidence 1; danger puts a topic first.
  Confidences are calibrated: 0.7 is right 7 times in 10.
* `entities`, each with `extractor: MessageReader`:

  - `language`: always one; `value` is one of the nine codes, `confidence_entity` 0 to 1, low for
    short messages (do not switch on it below 0.6).
  - `country`: one for each place named; `value` ISO 3166-1 alpha-3, `role` here, origin,
    destination or '' (the wording does not say), `start` and `end` in the text, `confidence_entity`
    0.95 for a name as written, 0.75 for a mistyped one.
  - `second`: at most one; what else the message asks. `value` is its topic, `start` and `end` are
    its clause, `role` is "apart" when it surely wants an answer of its own.
  - `stage`: at most one; before_departure, in_transit, at_destination or return.
  - `danger`: at most one; `value` is the kind (violence, captivity, trafficking, arrest, medical,
    self_harm, missing_child), `rule` what fired, `confidence_entity` the classifier's score. It is
    there only when someone is in danger now: answer it first.

How `bot.library` reads behind the words of cards is `meaning.CARD_READING`
(`library.use_reading(CARD_READING, cache)`).
"""
