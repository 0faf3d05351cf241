// Not run here with Testcontainers: README.md says what was tried.
package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/** One server for all tests of the class, and an account of it for each. */
@Testcontainers
class ServicesTest {
    @Container
    static final GenericContainer<?> PATCHBAY = new GenericContainer<>(DockerImageName.parse("patchbay:local"))
            .withExposedPorts(4747)
            .waitingFor(Wait.forHttp("/_patchbay/ready").forPort(4747).forStatusCode(200))
            .withStartupTimeout(Duration.ofSeconds(30));

    private static final String SEEDED = "00000000000000000000000000000257";
    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final String label = "test-" + UUID.randomUUID();
    private String account;

    @BeforeEach
    void makeTenant() throws Exception {
        String body = "{\"api\": \"cloudflare\", \"from\": \"" + SEEDED + "\"}";
        JsonNode made = control("PUT", "tenants/" + label, body);
        account = made.at("/tenants/0/tenant").asText();
    }

    @AfterEach
    void dropTenant() throws Exception {
        control("DELETE", "tenants/" + label, "");
    }

    @Test
    void listsToTheEnd() throws Exception {
        Set<String> found = new HashSet<>();
        int pages = 1;
        for (int page = 1; page <= pages; page++) {
            JsonNode answer = json.readTree(list("?per_page=100&page=" + page).body());
            answer.get("result").forEach(service -> found.add(service.get("service_id").asText()));
            pages = answer.at("/result_info/total_pages").asInt();
        }
        assertEquals(257, found.size());
        String request = "{\"request\": {\"parameters\": {\"per_page\": \"100\"}, \"status\": 200}, \"count\": 3}";
        assertEquals("passed", control("POST", "requests/verify?tenant=" + account, request).get("result").asText());
    }

    @Test
    void isToldToWait() throws Exception {
        String fault = "{\"error\": 429, \"retryAfter\": 1, \"when\": {\"first\": 1}}";
        control("PUT", "faults/busy?tenant=" + account, fault);
        HttpResponse<String> refused = list("");
        assertEquals(429, refused.statusCode());
        assertEquals("1", refused.headers().firstValue("Retry-After").orElseThrow());
        assertEquals(200, list("").statusCode());
    }

    private HttpResponse<String> list(String query) throws Exception {
        URI address = URI.create(url() + "/client/v4/accounts/" + account + "/connectivity/directory/services" + query);
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer any")
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** A call of the control plane, which says itself what is wrong with it. */
    private JsonNode control(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/_patchbay/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(10))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertTrue(answer.statusCode() < 300, answer.body());
        return json.readTree(answer.body());
    }

    /** Testcontainers maps the port to a free one of the host; links in answers follow what is asked for. */
    private static String url() {
        return "http://" + PATCHBAY.getHost() + ":" + PATCHBAY.getMappedPort(4747);
    }
}
