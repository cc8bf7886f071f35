package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriteQueueTest {

    private final WriteQueue<String> queue = new WriteQueue<>(2, Duration.ofMillis(50));
    private final List<String> group = new ArrayList<>();

    @Test
    void who_finds_it_full_for_too_long_is_refused_and_the_others_are_served() {
        queue.add("first");
        queue.add("second");

        assertThatThrownBy(() -> queue.add("third")).isInstanceOf(Overloaded.class);

        queue.take(group, 10, Duration.ZERO);
        assertThat(group).containsExactly("first", "second");
        assertThat(queue.add("fourth")).isTrue();
    }

    @Test
    void who_finds_it_full_gets_the_next_place() throws InterruptedException {
        WriteQueue<String> patient = new WriteQueue<>(1, Duration.ofSeconds(20));
        patient.add("first");
        Thread late = Thread.startVirtualThread(() -> patient.add("second"));

        while (group.size() < 2) {
            patient.take(group, 10, Duration.ofMillis(5));
        }

        late.join();
        assertThat(group).containsExactly("first", "second");
    }

    @Test
    void after_the_end_nothing_is_let_in_and_what_waited_is_taken() {
        queue.add("in time");

        queue.end();

        assertThat(queue.add("too late")).isFalse();
        assertThat(queue.isOver()).isFalse();
        queue.take(group, 10, Duration.ofDays(1));
        assertThat(group).containsExactly("in time");
        assertThat(queue.isOver()).isTrue();
    }

    @Test
    void whatever_was_let_in_is_taken_however_many_add_at_once() throws InterruptedException {
        WriteQueue<Integer> wide = new WriteQueue<>(64, Duration.ofSeconds(20));
        ConcurrentLinkedQueue<Integer> letIn = new ConcurrentLinkedQueue<>();
        List<Thread> adders = new ArrayList<>();
        for (int adder = 0; adder < 8; adder++) {
            int first = adder * 1_000;
            adders.add(Thread.startVirtualThread(() -> {
                for (int number = first; number < first + 1_000; number++) {
                    if (wide.add(number)) {
                        letIn.add(number);
                    }
                }
            }));
        }
        List<Integer> taken = new ArrayList<>();

        while (taken.size() < 5_000) {
            List<Integer> some = new ArrayList<>();
            wide.take(some, 16, Duration.ofSeconds(1));
            taken.addAll(some);
        }
        wide.end();
        while (!wide.isOver()) {
            List<Integer> some = new ArrayList<>();
            wide.take(some, 16, Duration.ZERO);
            taken.addAll(some);
        }
        for (Thread adder : adders) {
            adder.join();
        }

        assertThat(taken).containsExactlyInAnyOrderElementsOf(letIn);
    }
}
