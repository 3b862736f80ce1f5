package io.logfold.query.errorlog;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the error log.
 *
 * @param statuses the error rule, see {@link ErrorRule}
 */
@ConfigurationProperties("logfold.error-log")
record ErrorLogProperties(@DefaultValue("400-599") String statuses) {}
