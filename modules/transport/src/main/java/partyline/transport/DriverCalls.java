package partyline.transport;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls drivers, each call on a thread of its own, so that one that hangs holds nobody for longer than its patience.
/// Thread-safe.
final class DriverCalls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DriverCalls.class);

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("driver-call-", 0).factory());

    /// What `call` answers in time, or `silence`. One that throws, comes too late, or is called off since the program
    /// ends has told nothing. `what` names it in the log, as key=value.
    <T> T answer(String what, Duration patience, T silence, Callable<T> call) {
        Future<T> answer;
        try {
            answer = threads.submit(call);
        } catch (RejectedExecutionException e) {
            LOG.debug("event=driver_called_after_close {}", what);
            return silence;
        }
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.error("event=driver_silent after={} {}", patience, what);
        } catch (ExecutionException e) {
            LOG.error("event=driver_failed {}", what, e.getCause());
        } catch (InterruptedException e) {
            LOG.warn("event=driver_call_interrupted {}", what);
            Thread.currentThread().interrupt();
        }
        answer.cancel(true);
        return silence;
    }

    /// Calls off what is still not answered.
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
