"""The calls that a build would make, found without any trace: what the dry run shows is what the build plans."""

from collections.abc import Sequence
from dataclasses import replace

from gocreator.engine.callplan import CallPlan, plan_calls, wanted_of_models
from gocreator.engine.models import Models, open_store
from gocreator.engine.reviewing import plan_reviews, unreviewed
from gocreator.engine.session import Session
from gocreator.plan.staleness import Finding


def foreseen(session: Session, models: Models, findings: Sequence[Finding], *, workers: int) -> CallPlan:
    """Return the calls that a build would make for some findings; what waits for a contract is not among them."""
    targets = wanted_of_models(findings)
    if not targets and not models.reviewers:
        return CallPlan()
    store = open_store(models, create=False)
    try:
        plan = plan_calls(session.texts, models, targets, store, workers=workers) if targets else CallPlan()
        reviews = plan_reviews(session.texts, models, unreviewed(session, models, store, findings))
    finally:
        store.close()
    prices = plan.prices or (models.terms(reviews[0].rung).source if reviews and reviews[0].rung else "")
    return replace(plan, reviews=reviews, workers=workers, prices=prices)
