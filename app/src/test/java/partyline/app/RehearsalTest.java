package partyline.app;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/// Without it every start by `config/partyline` would rehearse again, and then start the plain way.
class RehearsalTest {

    @Test
    void the_server_lives_through_its_rehearsal_within_its_own_limits() {
        assertThatCode(Rehearsal::run).doesNotThrowAnyException();
    }
}
