"""What people write in the speed benchmarks, and their numbers."""

# Short questions in English, the stock project's language, in everyday spelling. They are not
# taken from data/nlu. None is an emergency: Haki answers those with two messages.
QUESTIONS = (
    "my employer has my passport and wont give it back",
    "they did not pay me since two months",
    "how many hours a day must i work",
    "the agent asks 2000 for the visa is that normal",
    "can i join a union here",
    "my permit ends next month what now",
    "how do i send money home safely",
    "can my children go to school here",
    "the landlord wants us out tomorrow",
    "i am pregnant can they fire me",
    "where is my embassy",
    "boss cuts my salary for food and room",
    "i want to go home but they keep my ticket",
    "i signed a paper that i could not read",
    "they call me names because of my skin colour",
    "can my wife come to live with me",
    "i work in a house and have no day off",
    "can i change to another company",
    "i had an accident at work who pays the hospital",
    "police asked for my card on the street what can they do",
    "is overtime paid more",
    "i lost my identity card",
    "can i vote in my country from here",
    "what happens if i overstay",
)


def people(count: int) -> list[str]:
    """Return `count` numbers of the range that stands for Malaysian phones in our tests."""
    return [f"+601000{number:05d}" for number in range(1, count + 1)]
