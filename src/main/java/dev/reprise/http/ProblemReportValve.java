package dev.reprise.http;

import java.io.IOException;

import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;

/**
 * Requests that Tomcat refuses before they reach the application, such as addresses that
 * climb: a problem in place of its page. Tomcat makes it by its name, hence public.
 */
public class ProblemReportValve extends ErrorReportValve {

	@Override
	protected void report(Request request, Response response, @Nullable Throwable thrown) {
		int status = response.getStatus();
		if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		try {
			Problems.write(response.getResponse(), Problems.of(status));
			response.finishResponse();
		}
		catch (IOException ex) {
			container.getLogger().debug("a client went away before its answer", ex);
		}
	}

}
