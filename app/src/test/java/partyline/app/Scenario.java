package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.function.Function;

/// One request and the answer it must get: a row of a table of refusals.
record Scenario(
        String name,
        Function<Api, Api> as,
        String method,
        String path,
        String body,
        int status,
        List<String> contains) {

    static Scenario given(String name) {
        return new Scenario(name, api -> api, "GET", "/", "", 0, List.of());
    }

    /// Asked by the holder of another key.
    Scenario as(Function<Api, Api> other) {
        return new Scenario(name, other, method, path, body, status, contains);
    }

    Scenario get(String wanted) {
        return request("GET", wanted, "");
    }

    Scenario post(String wanted, String json) {
        return request("POST", wanted, json);
    }

    Scenario patch(String wanted, String json) {
        return request("PATCH", wanted, json);
    }

    Scenario delete(String wanted) {
        return request("DELETE", wanted, "");
    }

    Scenario answers(int wanted, String... texts) {
        return new Scenario(name, as, method, path, body, wanted, List.of(texts));
    }

    void play(Api api) {
        Api.Answer answer = as.apply(api).send(method, path, BodyPublishers.ofString(body));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(contains).allSatisfy(text -> assertThat(answer.text()).contains(text));
        assertThat(answer.json().has("detail")).as("an error has a detail").isTrue();
    }

    @Override
    public String toString() {
        return name;
    }

    private Scenario request(String how, String wanted, String json) {
        return new Scenario(name, as, how, wanted, json, status, contains);
    }
}
