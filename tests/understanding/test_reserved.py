# ruff: noqa: E501 (tables of messages read better one case a cell)
"""Reserved words are taken as commands, sentences that contain them are not."""

import pytest

from bot.understanding import reserved

COMMANDS = {
    "stop": [
        "STOP", "stop", "StOp!", "STOPALL", "unsubscribe", "CANCEL", "End", "QUIT", "revoke", "OPTOUT", "stooop", "please stop", "stop please!!",
        "stop messaging me", "ok stop now", "ALTO", "PARAR", "SAIR", "ARRET", "arrêt", "arrêtez svp", "RETE", "KANPE", "tanpri kanpe", "توقف", "تَوَقَّف", "停止",
        "请停止", "取消", "አቁም", "እባክህ አቁም", "रोक्नुहोस्", "रोक्नुहोस", "कृपया रोक्नुहोस्", "بدون رسائل", "basta por favor", "por favor no me escriban mas",
        "/stop", "pa ekri m ankò", "m pa vle mesaj ankò", "banda garnus", "لو سمحت توقف", "STOP.", "  stop  ", "opt-out",
    ],
    "start": ["START", "start again please", "unstop", "empezar", "commencer", "começar", "ابدأ", "开始", "komanse", "ጀምር", "सुरु गर्नुहोस्", "/start", "suru garnus"],
    "help": ["HELP", "help me please", "i need help", "AYUDA", "aide", "ajuda", "besoin d'aide svp", "مساعدة", "أحتاج مساعدة", "帮助", "我需要帮助", "ede m", "m bezwen èd",
             "እርዳታ", "እባካችሁ እርዱኝ", "मद्दत", "मलाई मद्दत चाहियो", "maddat garnus", "?", "heeelp", "erdata", "sa3duni", "INFO", "؟"],
    "delete_data": ["DELETE", "delete my data", "please delete all my data", "borrar", "supprimez mes données", "apaga meus dados", "احذفوا بياناتي", "请删除我的数据", "efase done m yo".replace(" yo", ""),
                    "መረጃዬን አጥፉ", "मेरो डाटा मेटाउनुहोस्", "forget me", "mero data delete garnus", "quiero borrar mis datos"],
    "menu": ["menu", "MENÚ", "main menu", "meni", "القائمة", "菜单", "ማውጫ", "मेनु", "show me the menu please", "temas", "opções"],
    "human": ["HUMAN", "I want to talk to a human", "can i speak to someone please", "human please", "hablar con una persona", "quiero hablar con alguien por favor", "je veux parler à quelqu'un",
              "falar com uma pessoa", "أريد التحدث مع شخص", "بدي احكي مع حدا", "转人工", "我要和真人说话", "mwen vle pale ak yon moun", "ከሰው ጋር መነጋገር እፈልጋለሁ", "मान्छेसँग कुरा गर्न चाहन्छु",
              "malai manche sanga kura garna man cha", "i want 2 talk to a real person".replace("2", "to")],
}  # fmt: skip
LANGUAGES = {
    "fr": [
        "français",
        "FR",
        "french please",
        "parlez français",
        "🇫🇷",
        "in french",
        "en francais svp",
    ],
    "en": [
        "EN",
        "english",
        "do you speak english?",
        "inglés",
        "🇬🇧",
        "i want english",
        "angreji",
        "speak english",
    ],
    "es": ["español", "ES", "habla español?", "spanish pls", "quiero español", "panyòl"],
    "pt": ["português", "PT", "você fala português?", "🇧🇷"],
    "ar": ["عربي", "العربية", "AR", "بالعربي لو سمحت", "arabic", "3arabi"],
    "zh": ["中文", "请说中文", "zh", "chinese", "🇨🇳", "普通话"],
    "ht": [
        "kreyòl",
        "kreyol",
        "HT",
        "mwen pale kreyòl",
        "haitian creole please",
        "an kreyòl tanpri",
    ],
    "am": ["አማርኛ", "AM", "ነፃ", "amharic", "በአማርኛ", "🇪🇹", "amarigna"],
    "ne": ["नेपाली", "nepali", "NE", "नेपालीमा", "nepali ma", "🇳🇵", "नेपाली भाषामा बोल्नुहोस्"],
}
SENTENCES = [
    "my boss wants me to stop working", "he does not stop hitting me", "my contract will end next month", "how do I cancel my contract", "can I quit my job",
    "the police stop me at the bus station", "I need help with my passport", "help me get my salary", "they will delete my visa", "my agent took my money", "i am a human being and they beat me",
    "the person who hired me ran away", "mi jefe no para de gritarme", "quiero parar de trabajar con el", "el patron no me deja salir", "me quieren dar de baja del seguro",
    "mon patron m'a arreté de payer", "je veux arreter mon travail", "l'arrêt de travail du medecin", "ils ont supprimé mon contrat", "quero sair do emprego", "não posso sair de casa",
    "patwon an pa vle rete ak mwen", "kote mwen ka rete", "توقف صاحب العمل عن دفع راتبي", "اوقفوني في المطار", "老板停止给我发工资", "我要取消合同", "ስራ አቁም አለኝ አሰሪዬ", "አሰሪዬ ደሞዝ መክፈል አቁሟል",
    "मालिकले तलब रोक्यो", "मेरो कम्पनी बन्द भयो के गर्ने", "english contract is different from nepali contract", "i am from nepal", "my french boss", "the french police took me", "soy de haiti", "",
    "   ", "....", "1", "whats the menu of rights in the contract for a nurse", "start of my contract was in may", "he started to beat me", "الغاء عقدي", "info about my visa", "nepali embassy",
    "end of contract", "stop order from labour court", "help my friend is locked in a house", "call me when the police leave the house of my cousin tomorrow", "je veux un contrat en français",
]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "text"), [(act, t) for act, texts in COMMANDS.items() for t in texts]
)
def test_a_command_is_recognised_alone_and_in_a_small_phrase(act: str, text: str) -> None:
    assert reserved.match(text) == act


@pytest.mark.parametrize(
    ("code", "text"), [(c, t) for c, texts in LANGUAGES.items() for t in texts]
)
def test_a_language_is_asked_for_by_name_code_or_flag(code: str, text: str) -> None:
    assert reserved.match(text) == "language_change"
    assert reserved.language_choice(text) == code


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_that_contains_such_a_word_is_not_a_command(text: str) -> None:
    assert reserved.match(text) is None


@pytest.mark.parametrize(
    "word", ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"]
)
def test_every_default_opt_out_word_of_twilio_stops(word: str) -> None:
    assert reserved.match(word) == reserved.match(word.lower()) == "stop"
