"""What every section of a configuration has in common."""

from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator


class Section(BaseModel):
    """A part of a configuration; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: object, info: ValidationInfo) -> object:
        """The value; true and false, which Python counts as 1 and 0, are refused where a number is wanted."""
        given = value if isinstance(value, list) else [value]
        truth = next((one for one in given if isinstance(one, bool)), None)
        if truth is not None and {int, float} & _kinds_in(cls.model_fields[str(info.field_name)].annotation):
            raise ValueError(f"must be a number, not {str(truth).lower()}")
        return value


def _kinds_in(annotation: object) -> set[object]:
    """The plain types of an annotation such as `list[float] | None`."""
    inner = get_args(annotation)
    return {annotation} if not inner else set().union(*map(_kinds_in, inner))
