"""What registers answer about one person or enterprise, typed: the forms of all of them."""

from labour_book.registers.messages.contracts import ContractEvent, ContractsAnswer
from labour_book.registers.messages.enterprises import EnterpriseAnswer
from labour_book.registers.messages.forms import MOST_ITEMS, Origin, read_body
from labour_book.registers.messages.insurance import InsuranceAnswer, InsuredMonths
from labour_book.registers.messages.population import PopulationAnswer
from labour_book.registers.messages.portal import PortalAnswer
from labour_book.registers.messages.qualifications import Qualification, QualificationsAnswer
from labour_book.registers.messages.social import SocialAnswer
from labour_book.registers.messages.vssid import ShownMonth, VssidAnswer

__all__ = [
    "MOST_ITEMS",
    "Body",
    "ContractEvent",
    "ContractsAnswer",
    "EnterpriseAnswer",
    "InsuranceAnswer",
    "InsuredMonths",
    "Origin",
    "PopulationAnswer",
    "PortalAnswer",
    "Qualification",
    "QualificationsAnswer",
    "ShownMonth",
    "SocialAnswer",
    "VssidAnswer",
    "read_body",
]

Body = (
    PopulationAnswer
    | InsuranceAnswer
    | ContractsAnswer
    | QualificationsAnswer
    | EnterpriseAnswer
    | SocialAnswer
    | VssidAnswer
    | PortalAnswer
)
