import logging

import pytest
import sqlalchemy as sa

from api.checkpoint_worker import sign_end
from tests.api.conftest import Office, settings_for
from tests.support.apps import app_for


class TestSignEnd:
    def test_signs_what_was_added_and_cries_out_when_the_trace_breaks(
        self, small_office: Office, caplog: pytest.LogCaptureFixture
    ) -> None:
        app = app_for(settings_for(small_office.inst.data_dir), small_office.inst)
        app.state.installation = small_office.inst
        app.state.clock = lambda: small_office.clock.now
        small_office.issue(small_office.people[0])

        first, second = sign_end(app), sign_end(app)
        small_office.issue(small_office.people[1])
        with small_office.inst.engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE trace SET purpose = 'x' WHERE seq > :seq"), {"seq": first}
            )
        with caplog.at_level(logging.ERROR):
            broken = sign_end(app)

        assert (first, second, broken) == (len(small_office.traced()) - 1, 0, 0)
        assert "the trace is broken" in caplog.text
