"""Working days of a country and region, and time counted along them. Pure: the holidays are computed, not fetched.

A working day has as many hours here as its clock shows, midnight to midnight, so that "2 working days after Friday
10:00" is Tuesday 10:00 local time, also when the clocks change in between.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from pathways.errors import PathwayError
from pathways.vocabulary import Frozen

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
ONE_DAY = timedelta(days=1)
MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_BREAK = 366  # days; a calendar without a working day for so long is a mistake


class WorkingCalendar(Frozen):
    """Who rests when: ISO 3166-1 country, ISO 3166-2 subdivision without its country (`AN`), IANA time zone.

    `municipal_days` are the town's own holidays, which no library knows. Raises pydantic's ValidationError for a
    country, subdivision or time zone that does not exist.
    """

    country: Country
    subdivision: str | None = None
    timezone: str = "UTC"
    municipal_days: frozenset[date] = Field(default_factory=frozenset)

    @field_validator("timezone")
    @classmethod
    def _is_a_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{name!r} is no IANA time zone; write one like 'Europe/Madrid'") from None
        return name

    @model_validator(mode="after")
    def _has_holidays(self) -> "WorkingCalendar":
        try:
            _working_days(self.country, self.subdivision, 2026)  # kept, unlike the holidays themselves
        except NotImplementedError as unknown:
            raise ValueError(f"{unknown}; write an ISO 3166 country and subdivision, like 'ES' and 'AN'") from None
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is neither a weekend nor a national, regional or municipal holiday."""
        return day in _working_days(self.country, self.subdivision, day.year) and day not in self.municipal_days

    def local(self, moment: datetime) -> datetime:
        """`moment` on the clocks of the calendar's place; raises PathwayError where it has no time zone."""
        if moment.tzinfo is None:
            raise PathwayError("A moment came without a time zone.", "Pass it in UTC.", place="moment")
        return moment.astimezone(self.zone)

    def moment(self, day: date, clock: time = time()) -> datetime:
        """When the local clock shows `clock` on `day` for the first time, in UTC.

        An hour that is skipped is taken an hour later.
        """
        return datetime.combine(day, clock.replace(fold=0), tzinfo=self.zone).astimezone(UTC)

    def add_days(self, moment: datetime, days: int) -> datetime:
        """The same local time `days` calendar days later (earlier where negative), in UTC."""
        local = self.local(moment)
        return self.moment(local.date() + timedelta(days=days), local.time()) if days else local.astimezone(UTC)

    def add_working_days(self, moment: datetime, days: int) -> datetime:
        """The same local time `days` working days later, in UTC.

        A moment on a day off counts from the start of the next working day. Where `days` is negative it goes
        back, and a moment on a day off counts from the end of the last working day.
        """
        if days >= 0:
            return self.add_working_time(moment, timedelta(days=days))
        day, clock = self._place(moment, backwards=True)
        return self.moment(self._step(day, days), clock)

    def add_working_time(self, moment: datetime, span: timedelta) -> datetime:
        """`span` later on a clock that stands still on days off, in UTC; `span` is not negative."""
        day, clock = self._place(moment)
        whole, rest = divmod(_since_midnight(clock) + span, ONE_DAY)
        # from the second of two equal times, the first one would be an hour back
        return max(self.moment(self._step(day, whole), (MIDNIGHT + rest).time()), self.local(moment).astimezone(UTC))

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """How far a clock that stands still on days off moves from `start` to `end`; nothing if `end` is earlier."""
        if end <= start:
            return timedelta()
        (first, opens), (last, closes) = self._place(start), self._place(end)
        days = sum(self.is_working_day(first + timedelta(days=n)) for n in range((last - first).days))
        return max(days * ONE_DAY + _since_midnight(closes) - _since_midnight(opens), timedelta())

    def _place(self, moment: datetime, *, backwards: bool = False) -> tuple[date, time]:
        """The working day and local time that `moment` counts as."""
        local = self.local(moment)
        if self.is_working_day(local.date()):
            return local.date(), local.time()
        if backwards:
            return self._step(local.date(), -1) + ONE_DAY, time()
        return self._step(local.date(), 1), time()

    def _step(self, day: date, working_days: int) -> date:
        """The day that many working days after `day`, or before it where negative."""
        for _ in range(abs(working_days)):
            day = self._neighbour(day, ONE_DAY if working_days > 0 else -ONE_DAY)
        return day

    def _neighbour(self, day: date, step: timedelta) -> date:
        for n in range(1, LONGEST_BREAK + 1):
            if self.is_working_day(day + n * step):
                return day + n * step
        raise PathwayError(
            f"The calendar of {self.country} has no working day within a year of {day}.",
            "Check its municipal days.",
            place="municipal_days",
        )


def _since_midnight(clock: time) -> timedelta:
    return datetime.combine(MIDNIGHT, clock, tzinfo=UTC) - MIDNIGHT


@lru_cache(maxsize=512)
def _working_days(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Every working day of one year before municipal days; a pure function, so its results can be kept."""
    known = _holidays(country, subdivision, year)
    days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    return frozenset(day for day in days if day.year == year and known.is_working_day(day))


def _holidays(country: str, subdivision: str | None, year: int) -> Any:
    from holidays import country_holidays  # a quarter of a second to import, and many commands never need it

    return country_holidays(country, subdiv=subdivision, years=year)
