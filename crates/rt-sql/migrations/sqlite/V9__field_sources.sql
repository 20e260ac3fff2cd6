CREATE TABLE FieldSources (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    PlansColumn varchar(64) NOT NULL CHECK (length(PlansColumn) <= 64),
    Source mediumtext NOT NULL,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
