-- As whom an OpenID provider knows our users. Its word lets in nobody who is not here.
CREATE TABLE provider_links (
    user INTEGER PRIMARY KEY REFERENCES users (id),
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    linked_at INTEGER NOT NULL,
    UNIQUE (issuer, subject)
);
