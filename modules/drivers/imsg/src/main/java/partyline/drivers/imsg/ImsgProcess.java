package partyline.drivers.imsg;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One `imsg rpc` at work: a JSON object a line, both ways. When it ends, whoever waits for an answer hears that there
/// is none. Its pipes have threads of their own, and no virtual ones, which a read would pin. Thread-safe.
final class ImsgProcess implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ImsgProcess.class);
    private static final int LONGEST_LINE = 32 << 20;
    private static final int LONGEST_WORDS = 300;
    /// What it says to people goes to the log, so far.
    private static final int LOGGED = 200;

    private static final Duration LEAVE = Duration.ofSeconds(1);
    private static final byte[] NEWLINE = {'\n'};

    private final String line;
    private final Process process;
    private final BiConsumer<String, JsonNode> news;
    private final Map<Long, CompletableFuture<ImsgReply>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong calls = new AtomicLong();
    private final ReentrantLock pen = new ReentrantLock(true);
    private final Thread words;
    private volatile boolean ended;
    private volatile String lastWords = "";

    private ImsgProcess(String line, Process process, BiConsumer<String, JsonNode> news) {
        this.line = line;
        this.process = process;
        this.news = news;
        this.words = Thread.ofPlatform().daemon().name("imsg-words-" + line).unstarted(this::listenToWords);
    }

    /// `news` gets the method and the params of whatever it tells unasked; it must not block.
    ///
    /// @throws IOException when there is no such program.
    static ImsgProcess start(String line, List<String> command, BiConsumer<String, JsonNode> news) throws IOException {
        ImsgProcess started = new ImsgProcess(line, new ProcessBuilder(command).start(), news);
        Thread.ofPlatform().daemon().name("imsg-" + line).start(started::listen);
        started.words.start();
        return started;
    }

    boolean isAlive() {
        return !ended;
    }

    /// What it said last to people, once it ended.
    String lastWords() {
        return lastWords;
    }

    /// -1 while it runs; waits a moment for its end.
    int exitCode() {
        try {
            boolean gone = process.waitFor(LEAVE.toMillis(), TimeUnit.MILLISECONDS) && words.join(LEAVE);
            return gone ? process.exitValue() : -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    ImsgReply call(String method, ObjectNode params, Duration patience) {
        long id = calls.incrementAndGet();
        ObjectNode request = Json.object().put("jsonrpc", "2.0").put("id", id).put("method", method);
        request.set("params", params);
        CompletableFuture<ImsgReply> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        try {
            return write(request, patience)
                    ? answer.get(patience.toMillis(), TimeUnit.MILLISECONDS)
                    : new ImsgReply.Unsent("imsg takes nothing");
        } catch (IOException e) {
            return new ImsgReply.NoAnswer("imsg ended");
        } catch (TimeoutException e) {
            return new ImsgReply.NoAnswer("no answer within " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ImsgReply.NoAnswer("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            waiting.remove(id);
        }
    }

    /// It may finish what it has in its hands, for a second.
    @Override
    public void close() {
        end();
        if (pen.tryLock()) {
            try {
                process.getOutputStream().close();
            } catch (IOException e) {
                LOG.debug("event=imsg_already_gone line={}", line, e);
            } finally {
                pen.unlock();
            }
        }
        if (exitCode() < 0) {
            process.destroy();
        }
        if (exitCode() < 0) {
            process.destroyForcibly();
        }
    }

    /// False when nothing was written.
    private boolean write(ObjectNode request, Duration patience) throws IOException, InterruptedException {
        if (ended || !pen.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        try {
            OutputStream out = process.getOutputStream();
            out.write(Json.write(request).getBytes(StandardCharsets.UTF_8));
            out.write(NEWLINE);
            out.flush();
            return true;
        } finally {
            pen.unlock();
        }
    }

    private void listen() {
        try (InputStream told = new BufferedInputStream(process.getInputStream())) {
            for (Optional<String> next = line(told); next.isPresent(); next = line(told)) {
                hear(next.get());
            }
        } catch (IOException e) {
            LOG.warn("event=imsg_unreadable line={} cause=\"{}\"", line, e.getMessage());
            process.destroy();
        } finally {
            end();
        }
    }

    private void hear(String told) {
        try {
            JsonNode json = Json.read(told);
            if (json.path("method").isString()) {
                news.accept(json.path("method").asString(), json.path("params"));
            } else {
                Optional.ofNullable(waiting.get(json.path("id").asLong(0)))
                        .ifPresent(answer -> answer.complete(ImsgReply.of(json)));
            }
        } catch (JacksonException e) {
            LOG.debug("event=imsg_not_json line={}", line);
        }
    }

    private void listenToWords() {
        try (InputStream told = new BufferedInputStream(process.getErrorStream())) {
            int lines = 0;
            for (Optional<String> next = line(told); next.isPresent(); next = line(told)) {
                String words = next.get().strip();
                if (!words.isEmpty()) {
                    lastWords = words.substring(0, Math.min(words.length(), LONGEST_WORDS));
                }
                if (++lines <= LOGGED) {
                    LOG.debug("event=imsg_says line={} words=\"{}\"", line, lastWords);
                }
            }
        } catch (IOException e) {
            LOG.debug("event=imsg_silent line={}", line, e);
        }
    }

    private void end() {
        ended = true;
        waiting.values().forEach(answer -> answer.complete(new ImsgReply.NoAnswer("imsg ended")));
    }

    /// Empty at the end.
    private static Optional<String> line(InputStream told) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next = told.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next >= 0 && next != '\n'; next = told.read()) {
            if (bytes.size() == LONGEST_LINE) {
                throw new IOException("a line of more than " + LONGEST_LINE + " bytes");
            }
            bytes.write(next);
        }
        return Optional.of(bytes.toString(StandardCharsets.UTF_8));
    }
}
