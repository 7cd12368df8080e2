"""One run: the world from the data, a burn-in under one regime, the futures that part from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.metrics.history import History
from sim.parameters import QUARTERS_PER_YEAR
from sim.quarter import PHASES, Phase, Policy, Reform, advance, begin
from sim.quarter.fund.ledger import accounts, legacy_pot
from sim.quarter.fund.plans import open_plans, open_pots
from sim.scenario import Scenario
from sim.scenario.outlay import plans
from sim.world.build import build_world
from sim.world.columns import Awards
from sim.world.state import World


@dataclass
class Run:
    """A world under one policy, with its history.

    ``world.quarter`` counts from the first quarter of the burn-in; ``policy.start`` is the fork.
    ``phases`` are what happens in a quarter, in order: the model's own, or a researcher's.
    """

    scenario: Scenario
    seed: int
    world: World
    policy: Policy
    history: History
    phases: tuple[Phase, ...] = PHASES

    @classmethod
    def start(
        cls,
        scenario: Scenario,
        burn_in: Scenario,
        seed: int,
        *,
        keep_ended: bool = False,
        phases: tuple[Phase, ...] = PHASES,
    ) -> Run:
        """Draw the world and let it live through the burn-in under the programmes of ``burn_in``.

        The burn-in has that regime's own budget and collaboration, so that it is the same for
        every scenario that shares population, assumptions and burn-in. ``keep_ended`` keeps
        awards that are over, for an export.
        """
        world = build_world(seed, scenario.population)
        if keep_ended:
            world.ended = Awards.empty()
        begin(world, scenario.assumptions)
        years = scenario.burn_in.years
        _, past = burn_in.stages()[0]
        pots = open_pots(past.programmes, past.budget, past.tie_subsidy, years, seed)
        world.pots = accounts(pots, tuple(past.programmes))
        run = cls(scenario, seed, world, Policy(pots, past.collaboration), History(0), phases)
        for _ in range(years * QUARTERS_PER_YEAR):
            run.step()
        return run

    def fork(self, scenario: Scenario, phases: tuple[Phase, ...] | None = None) -> Run:
        """The future of the present state under the policy of ``scenario``.

        ``phases`` are those of the past unless given: futures with and without a mechanism of
        one's own can part from one state, with the same luck.

        Live awards run to their end in every future, out of a pot whose budget is what they were
        promised; the new budgets begin together. Money that the old pots still hold stays behind:
        it belongs to the past of all futures alike.
        """
        world = self.world.copy()
        quarters = scenario.horizon * QUARTERS_PER_YEAR
        legacy = legacy_pot(world.awards, world.quarter, quarters)
        stages, made = [one for _, one in scenario.stages()], plans(scenario)
        first, *later = ((legacy, *pots) for pots in open_plans(made, scenario.horizon, self.seed))
        names = dict.fromkeys(name for plan in made for name in plan.programmes)
        world.pots = accounts(first, tuple(names))
        world.awards.pot[:] = 0
        world.awards.decision[:] = -1
        world.awards.next_gate[:] = -1
        reforms = tuple(
            Reform(plan.start, pots, stage.collaboration)
            for pots, plan, stage in zip(later, made[1:], stages[1:], strict=True)
        )
        now = stages[0]
        policy = Policy(first, now.collaboration, now.shocks, world.quarter, reforms)
        history = History(scenario.horizon)
        history.start(world, self.history)
        return Run(scenario, self.seed, world, policy, history, phases or self.phases)

    def step(self) -> None:
        """One quarter."""
        advance(self.world, self.policy, self.scenario.assumptions, self.phases)
        self.history.observe(self.world)

    @property
    def is_over(self) -> bool:
        """Whether the horizon is reached."""
        age = self.world.quarter - self.policy.start
        return age >= self.scenario.horizon * QUARTERS_PER_YEAR

    def finish(self) -> Run:
        """Go on to the horizon."""
        while not self.is_over:
            self.step()
        return self

    def unaccounted(self) -> float:
        """Largest £m by which an account of public money does not balance; zero but for rounding.

        Budget = payments + overhead + unspent, where unspent is what the pot holds and what the
        Treasury has not yet released of the budget.
        """
        book = self.world.pots
        held = book.balance + (book.budget - book.released)
        return float(
            np.max(np.abs(book.budget - book.payments - book.overhead - held), initial=0.0)
        )
