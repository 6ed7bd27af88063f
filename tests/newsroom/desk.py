"""The desk of a made-up newspaper: its clock, its articles in their order, and an account of every change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from tests.newsroom.articles import Article, Writer
from tests.newsroom.style import Style

OPENS = datetime(2024, 3, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Event:
    """One change, as `Desk.events` has it.

    :ivar sequence: its place among all events, from 0
    :ivar asked: how many requests had been answered when it came: request ``requests[asked]`` is the first to see it
    :ivar kind: the name of the operation: publish, backdate, move, edit, delete, pin, unpin, clock
    :ivar numbers: the articles that it is about
    :ivar places: for articles put somewhere, where each then stood, from 0 at the newest (or most popular) end
    :ivar beneath: for each of those, the fewest requests that had been answered when an article now above it was
        listed first; ``None`` where none stands above it. So one that was put under what request ``r`` could already
        see has at most ``r`` here
    """

    sequence: int
    asked: int
    kind: str
    numbers: tuple[int, ...]
    places: tuple[int, ...] = ()
    beneath: tuple[int | None, ...] = ()


class Desk:
    """The articles of a newspaper and the operations on them. The same seed and calls give the same newspaper.

    :param articles: how many it has when it opens, one every six hours before ``clock``
    :param seed: of its texts and of everything that an operation draws by lot
    :param style: how they are shown; it says in which order
    :param clock: the present moment; it stands still but for `advance` and `set_clock`
    :ivar asked: requests answered so far
    :ivar events: every change, in order
    :ivar pinned: numbers of the pinned articles, the first pinned first
    :ivar state: grows with every change of what pages show
    """

    def __init__(
        self, articles: int = 30, *, seed: int = 0, style: Style | None = None, clock: datetime = OPENS
    ) -> None:
        self.style = style or Style()
        self.seed = seed
        self.clock = clock
        self.changed = clock
        self.asked = 0
        self.state = 0
        self.events: list[Event] = []
        self.pinned: list[int] = []
        self._dice = Random(seed)  # noqa: S311 - nothing is kept secret
        self._writer = Writer(seed, self.style.article_path)
        dates = (clock - timedelta(hours=6) * (articles - one) for one in range(1, articles + 1))
        self._articles = {number: self._writer.write(number, date) for number, date in enumerate(dates, 1)}
        self._newest_first = list(range(articles, 0, -1))
        self._next = articles + 1
        self._base: tuple[int, list[int]] | None = None
        self._since = dict.fromkeys(self._listed(), 0)

    # --- the clock ---

    def advance(self, by: timedelta) -> None:
        """Let time pass; a negative span sets the clock back, as a wrong clock is set right."""
        self.set_clock(self.clock + by)

    def set_clock(self, clock: datetime) -> None:
        """Set the clock to any aware moment."""
        if clock.tzinfo is None:
            raise ValueError("the clock is an aware moment")
        self.clock = clock
        self._note("clock", ())

    # --- operations; each returns the numbers of the articles that it was about ---

    def publish(self, count: int = 1, *, dated: datetime | None = None, score: int | None = None) -> list[int]:
        """Put new articles on top in publication order.

        :param dated: the date that they show, which may be an older one; the clock's where it is not given
        :param score: their popularity; by lot where it is not given
        """
        return self._insert("publish", [(0, dated or self.clock, score) for _ in range(count)])

    def backdate(self, count: int = 1, *, place: int | None = None, date: datetime | None = None) -> list[int]:
        """Insert articles below the top, with an older date at the place that it gives them.

        :param place: how many articles stand above, at least one where there is any; they then take the date of the one
            below. Without it ``date`` says the place, without both the lot
        :param date: their date; they stand above the first article of that moment or an older one
        """
        inserted = []
        for _ in range(count):
            order = self._newest_first
            if date is not None:
                at = next((n for n, one in enumerate(order) if self._articles[one].date <= date), len(order))
            else:
                at = self._dice.randint(1, max(1, len(order))) if place is None else place
            at = min(max(1, at), len(order))
            neighbour = order[min(at, len(order) - 1)] if order else None
            when = date or (self._articles[neighbour].date if neighbour else self.clock)
            inserted += self._insert("backdate", [(at, when, None)])
        return inserted

    def edit(self, *numbers: int, count: int = 1) -> list[int]:
        """Change title, summary and authors of the given articles, or of as many as drawn by lot."""
        chosen = self._choose(numbers, count)
        for number in chosen:
            one = self._articles[number]
            self._articles[number] = self._writer.write(number, one.date, version=one.version + 1, score=one.score)
        self._changed("edit", chosen)
        return chosen

    def move(self, *numbers: int, count: int = 1) -> list[int]:
        """Put articles elsewhere: by popularity their scores change; else they move, whatever their date."""
        chosen = self._choose(numbers, count)
        for number in chosen:
            if self.style.order == "popularity":
                one = self._articles[number]
                self._articles[number] = replace(one, score=(one.score + self._dice.randint(1, 999)) % 1000)
            else:
                self._newest_first.remove(number)
                self._newest_first.insert(self._dice.randint(0, len(self._newest_first)), number)
        self._changed("move", chosen, placed=True)
        return chosen

    def delete(self, *numbers: int, count: int = 1) -> list[int]:
        """Take articles away."""
        chosen = self._choose(numbers, count)
        for number in chosen:
            del self._articles[number]
            self._newest_first.remove(number)
        self.pinned = [one for one in self.pinned if one in self._articles]
        self._changed("delete", chosen, membership=True)
        return chosen

    def pin(self, *numbers: int, count: int = 1) -> list[int]:
        """Pin articles to the head; those last pinned stand below the others."""
        chosen = [one for one in self._choose(numbers, count) if one not in self.pinned]
        self.pinned += chosen
        self._changed("pin", chosen, membership=True)
        return chosen

    def unpin(self, *numbers: int) -> list[int]:
        """Take the pins off the given articles, or off all."""
        chosen = [one for one in self.pinned if not numbers or one in numbers]
        self.pinned = [one for one in self.pinned if one not in chosen]
        self._changed("unpin", chosen, membership=True)
        return chosen

    # --- what there is ---

    def listed(self) -> list[Article]:
        """Return the articles that the pages list at this moment, in page order, each once."""
        return [self._articles[number] for number in self._listed()]

    def article(self, number: int) -> Article:
        """Return an article as it is now.

        :raises KeyError: there is none of that number
        """
        return self._articles[number]

    def listed_since(self, number: int) -> int | None:
        """Return how many requests had been answered when an article was listed; ``None`` where it is not."""
        return self._since.get(number)

    def beneath(self, request: int | None = None) -> set[int]:
        """Return the articles that were put, after that request was answered, below what it could already see.

        A walk that ends at the entries known from then (the seam) does not come down to them.

        :param request: its place in ``requests``, from 0; without it, below what any earlier request could see
        """
        found: dict[int, bool] = {}
        for event in self.events:
            seen = event.asked - 1 if request is None else request
            for number, above in zip(event.numbers, event.beneath, strict=False):
                if event.asked > seen:
                    found[number] = above is not None and above <= seen
        return {number for number, below in found.items() if below and number in self._articles}

    def base(self) -> list[int]:
        """Return the numbers in page order, as if none were pinned unless pins move; not to be changed."""
        if self._base is None or self._base[0] != self.state:
            self._base = (self.state, self._ordered())
        return self._base[1]

    def _ordered(self) -> list[int]:
        order = self._newest_end_first()
        if self.style.order == "oldest":
            order = order[::-1]
        if self.style.pins == "moved" and self.pinned:
            order = [*self.pinned, *(one for one in order if one not in self.pinned)]
        return order

    def _newest_end_first(self) -> list[int]:
        if self.style.order == "popularity":
            return sorted(self._newest_first, key=lambda one: (-self._articles[one].score, -one))
        return self._newest_first

    def body(self) -> Sequence[int]:
        """Return those of `base` that there are pages for; not to be changed."""
        base = self.base()
        last = self.style.last_page(len(base))
        end = self.style.places(last).stop
        return base if end >= len(base) else base[:end]

    def _listed(self) -> Sequence[int]:
        shown = self.body()
        if not self.pinned or self.style.pins == "moved":
            return shown
        return [*self.pinned, *(one for one in shown if one not in self.pinned)]

    # --- the account ---

    def _insert(self, kind: str, wanted: Iterable[tuple[int, datetime, int | None]]) -> list[int]:
        made = []
        for place, date, score in wanted:
            number, self._next = self._next, self._next + 1
            self._articles[number] = self._writer.write(number, date, score=score)
            self._newest_first.insert(place, number)
            made.append(number)
        self._changed(kind, made, membership=True, placed=True)
        return made

    def _choose(self, numbers: Collection[int], count: int) -> list[int]:
        return list(numbers) or self._dice.sample(self._newest_first, min(count, len(self._newest_first)))

    def _changed(self, kind: str, numbers: Sequence[int], *, membership: bool = False, placed: bool = False) -> None:
        """Take note of a change of what pages show."""
        self.state += 1
        # A second on, whatever the clock does: Last-Modified counts whole seconds, and no page lies by it here.
        self.changed = max(self.clock, self.changed + timedelta(seconds=1))
        if self.style.most_pages is not None or membership:
            self._take_stock(numbers)
        self._note(kind, numbers, placed=placed)

    def _take_stock(self, numbers: Iterable[int]) -> None:
        """Note since when what is listed now is listed."""
        if self.style.most_pages is not None:
            listed = self._listed()
            self._since = {one: self._since.get(one, self.asked) for one in listed}
            return
        for number in numbers:
            if number not in self._articles:
                self._since.pop(number, None)
            else:
                self._since.setdefault(number, self.asked)

    def _note(self, kind: str, numbers: Sequence[int], *, placed: bool = False) -> None:
        places: list[int] = []
        beneath: list[int | None] = []
        if placed:
            order = self._newest_end_first()
            for number in numbers:
                place = order.index(number)
                above = [self._since.get(one, self.asked) for one in order[:place]]
                places.append(place)
                beneath.append(min(above, default=None))
        self.events.append(Event(len(self.events), self.asked, kind, (*numbers,), (*places,), (*beneath,)))
