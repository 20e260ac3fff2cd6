CREATE TABLE Recomputations (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Recomputation int NOT NULL,
    ReplacedAt_UTC datetime NOT NULL,
    EngineName varchar(64) CHECK (length(EngineName) <= 64),
    EngineVersion varchar(64) CHECK (length(EngineVersion) <= 64),
    DVHOptions mediumtext NOT NULL,
    PRIMARY KEY (MRN, PlanID, Recomputation),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
