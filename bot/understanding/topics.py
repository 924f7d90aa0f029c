"""The topics that training messages are labelled with; content/topics.yml names them for people."""

TOPICS = (
    "recruitment", "contract", "documents", "border_asylum", "detention", "deportation", "wages",
    "abusive_employer", "domestic_work", "health", "education", "family", "housing", "trafficking",
    "violence", "discrimination", "regularisation", "money", "union", "consular", "return",
    "participation",
)  # fmt: skip
