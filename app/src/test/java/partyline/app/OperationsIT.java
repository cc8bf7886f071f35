package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The operator's commands, given to the packaged jar: on a running server and on a folder at rest.
@Execution(ExecutionMode.CONCURRENT)
class OperationsIT {

    private static final Pattern ORGANIZATION = Pattern.compile("organization {2}(org_[0-9a-z]+)");
    private static final Pattern AGENT_KEY = Pattern.compile("key {11}(ApiKey_\\S+)");
    private static final String SAM = "+12025550140";
    private static final Pattern KEY = Pattern.compile("admin key {5}(ApiKey_\\S+)");

    @TempDir
    Path folder;

    @Test
    void organizations_and_keys_are_made_and_revoked_while_the_server_runs_and_while_it_rests() throws IOException {
        Path door = folder.resolve("data").resolve("operator.json");
        String organization;
        String secondKey;
        try (Jar server = Jar.start(folder, Map.of(), "--port", "0")) {
            server.base();
            String made = done("org", "create", "Acme & Söhne");
            organization = found(ORGANIZATION, made);
            Api acme = new Api(server.base(), found(KEY, made));
            assertThat(acme.get("/api/whoami").expect(200).text()).contains(organization);
            assertThat(done("org", "list")).contains(organization, "Acme & Söhne", "default", "operator");
            assertThat(done("admin-key", "list")).contains(keyId(acme.key())).doesNotContain(acme.key());

            secondKey = found(KEY, done("admin-key", "create", "--org", organization, "--label", "second"));
            assertThat(done("admin-key", "revoke", keyId(acme.key()))).contains(keyId(acme.key()));
            acme.get("/api/whoami").expect(401);
            acme.with(secondKey).get("/api/whoami").expect(200);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(door)))
                    .isEqualTo("rw-------");
            assertThat(server.terminate()).isZero();
        }

        assertThat(door).doesNotExist();
        assertThat(done("export", "--number", SAM)).contains("\"conversations\"", SAM);
        assertThat(done("erase", "--number", SAM)).contains("erased");
        assertThat(done("admin-key", "list"))
                .containsPattern(keyId(secondKey) + ".*active .*used 20.*second")
                .contains("revoked");
        String thirdKey = found(KEY, done("admin-key", "create", "--org", organization));
        done("admin-key", "revoke", keyId(secondKey));
        try (Jar server = Jar.start(folder, Map.of(), "--port", "0")) {
            Api api = new Api(server.base(), thirdKey);
            api.get("/api/whoami").expect(200);
            api.with(secondKey).get("/api/whoami").expect(401);
        }
    }

    @Test
    void what_cannot_be_done_is_said_in_one_sentence() throws IOException {
        assertThat(refused("org", "list", "--data", folder.resolve("none").toString()))
                .contains("There is no Partyline in the folder");
        Path config = Files.writeString(folder.resolve("partyline.yaml"), "data:\n  folder: elsewhere\n");
        assertThat(refused("org", "list", "--config", config.toString())).contains("elsewhere");
        try (Jar server = Jar.start(folder, Map.of(), "--port", "0")) {
            server.base();
            assertThat(refused("admin-key", "create", "--org", "org_0none")).contains("org_0none", "org list");
            assertThat(refused("admin-key", "revoke", "ApiKey_none.secret"))
                    .contains("ApiKey_none")
                    .doesNotContain("secret");
            assertThat(refused("org", "create", " ")).contains("name");
            assertThat(refused("erase", "--number", "2025550140")).contains("E.164");
            Files.delete(folder.resolve("data").resolve("operator.json"));
            assertThat(refused("org", "list")).contains("try again");
        }
        assertThat(done("version", "--data", "anywhere")).startsWith("Partyline ");
    }

    @Test
    void an_agents_life_from_its_making_to_a_drill_with_a_backup_of_it() throws IOException {
        Path config = Files.writeString(folder.resolve("partyline.yaml"), """
                lines:
                  - {id: front, number: "+12025550110", roles: [router], driver: simulator}
                  - {id: back, number: "+12025550111", roles: [pool], driver: simulator}
                """);
        String[] serve = {"--config", config.toString(), "--port", "0"};
        String admin;
        try (Jar server = Jar.start(folder, Map.of(), serve)) {
            admin = server.key();
            server.terminate();
        }
        String made = done("agent", "create", "clerk", "--config", config.toString());
        assertThat(made).contains("People text \"connect @clerk\" to +12025550110, once the server runs.");
        Files.writeString(folder.resolve("wrong.yaml"), "lines: [{id: front, number: nine}]");
        assertThat(done("agent", "create", "porter", "--config", "wrong.yaml")).contains("to the number of the router");

        String id;
        try (Jar server = Jar.start(folder, Map.of(), serve)) {
            Api operator = new Api(server.base(), admin);
            assertThat(done("agent", "list")).contains("@clerk", "@porter");
            Api second = operator.with(found(AGENT_KEY, done("key", "create", "clerk", "--label", "second")));
            operator.text(SAM, "+12025550110", "connect @clerk");
            Api.waitFor(() -> operator.phone(SAM).path("threads"), threads -> threads.size() == 2);
            operator.text(SAM, "+12025550111", "hello");
            id = Api.waitFor(() -> second.get(Talk.MESSAGES).expect(200).json(), it -> it.size() == 1)
                    .path(0)
                    .path("id")
                    .asString();
            assertThat(done("trace", id)).contains(id, "imessage.received").doesNotContain("hello");
            assertThat(done("backup", "monday.tar.gz")).contains("monday.tar.gz");
            assertThat(done("upgrade", "--check")).contains("would run     nothing");
        }

        assertThat(done("trace", id)).contains(id, "imessage.received");
        assertThat(refused("trace", "0190c5d2-1111-7aaa-8bbb-222233334444")).contains("There is no message");
        assertThat(done("verify", "monday.tar.gz")).contains("whole");
        assertThat(refused("restore", "monday.tar.gz")).contains("data");
        assertThat(done("restore", "monday.tar.gz", "--data", "drill", "--quarantine"))
                .contains("restored");
        try (Jar drill = Jar.start(folder, Map.of(), "--config", config.toString(), "--port", "0", "--data", "drill")) {
            Api clerk = new Api(drill.base(), found(AGENT_KEY, made));
            assertThat(clerk.get(Talk.MESSAGES + "/" + id).expect(200).text()).contains("hello");
            assertThat(done("resume", "--data", "drill")).contains("resumed");
            assertThat(refused("resume", "--data", "drill")).contains("not in quarantine");
        }
    }

    private String done(String... arguments) {
        return run(0, arguments);
    }

    private String refused(String... arguments) {
        String output = run(1, arguments);
        assertThat(output.lines()).as(output).hasSize(1);
        return output;
    }

    private String run(int code, String... arguments) {
        try (Jar command = Jar.start(folder, Map.of(), arguments)) {
            assertThat(command.exitCode()).as(command.output()).isEqualTo(code);
            return command.output();
        }
    }

    private static String keyId(String key) {
        return key.split("\\.")[0];
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }
}
