package io.logfold.command.ingest;

import org.springframework.data.repository.ListCrudRepository;

interface KnownSources extends ListCrudRepository<KnownSource, String> {}
