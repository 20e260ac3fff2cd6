CREATE TABLE BrachyChannels (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    SetupNumber int NOT NULL,
    SetupType varchar(64) CHECK (length(SetupType) <= 64),
    SetupAirKerma_uGy double,
    ChannelNumber int NOT NULL,
    SourceNumber int,
    Applicator varchar(64) CHECK (length(Applicator) <= 64),
    Length_mm double,
    StepSize_mm double,
    Movement varchar(64) CHECK (length(Movement) <= 64),
    TotalTime_s double,
    Pulses int,
    PulseInterval_s double,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);
